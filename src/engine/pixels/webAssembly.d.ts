/** The part of WebAssembly's interface that is used here; Node's types leave it to the DOM's. */
declare namespace WebAssembly {
  type Module = object;
  const Module: new (bytes: Uint8Array) => Module;
  interface Instance {
    readonly exports: Readonly<Record<string, unknown>>;
  }
  const Instance: new (
    module: Module,
    imports?: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
  ) => Instance;
  interface Memory {
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  }
}
