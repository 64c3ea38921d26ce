import { crc32, deflateRawSync } from "node:zlib";

/** A file of an archive. */
export interface Entry {
  name: string;
  content: Buffer;
  /** Of POSIX, e.g. 0o755. */
  mode: number;
}

/** 1 January 1980, so that the same files make the same archive. */
const [noTime, firstDay] = [0, 0x21];
const deflated = 8;
/** Version 2.0; made on POSIX, so that modes count. */
const [needed, madeBy] = [20, (3 << 8) | 20];

/** A ZIP archive (PKWARE's APPNOTE, 4.3): what Terraform unpacks a provider from. */
export function zip(entries: readonly Entry[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content, mode } of entries) {
    const packed = deflateRawSync(content, { level: 9 });
    const common = [
      short(needed),
      short(0),
      short(deflated),
      short(noTime),
      short(firstDay),
      long(crc32(content)),
      long(packed.length),
      long(content.length),
      short(Buffer.byteLength(name)),
      short(0),
    ];
    const local = Buffer.concat([long(0x04034b50), ...common, Buffer.from(name), packed]);
    directory.push(
      Buffer.concat([
        long(0x02014b50),
        short(madeBy),
        ...common,
        short(0),
        short(0),
        short(0),
        long(((0o100000 | mode) << 16) >>> 0),
        long(offset),
        Buffer.from(name),
      ]),
    );
    parts.push(local);
    offset += local.length;
  }
  const index = Buffer.concat(directory);
  const end = Buffer.concat([
    long(0x06054b50),
    short(0),
    short(0),
    short(entries.length),
    short(entries.length),
    long(index.length),
    long(offset),
    short(0),
  ]);
  return Buffer.concat([...parts, index, end]);
}

function short(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function long(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
