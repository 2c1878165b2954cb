/** A device by its numbers (dev_t). */
export interface DeviceNumber {
  readonly major: number;
  readonly minor: number;
}
