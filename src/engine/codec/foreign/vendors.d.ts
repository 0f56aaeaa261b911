/** WebAssembly builds without types of their own; what is used of them is described where they are wrapped. */
declare module 'libheif-js/wasm-bundle.js';
declare module 'libraw-wasm/dist/libraw.js';
declare module '@cornerstonejs/codec-openjpeg/decodewasmjs';
