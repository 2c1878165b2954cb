/** Text as it is nearly always wanted; bytes that are not UTF-8 become U+FFFD. */
export interface TextEncodingOption {
  encoding?: 'utf8' | undefined;
}

/** The bytes as the kernel gives them. */
export interface BufferEncodingOption {
  encoding: 'buffer';
}
