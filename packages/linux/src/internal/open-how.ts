import { defineStruct } from '@osx/native-ffi';

const OPEN_HOW = { size: 24, fields: { flags: ['u64', 0], mode: ['u64', 8], resolve: ['u64', 16] } } as const;

/** `struct open_how` of <linux/openat2.h>. */
export const openHowStruct = defineStruct('open_how', { 'linux-x64': OPEN_HOW, 'linux-arm64': OPEN_HOW });
