import type { ServerResponse } from 'node:http';
import type { Result } from '../shared/faults';
import type { PageFile } from './static';

const finish = (response: ServerResponse, status: number, type: string, body: string): void => {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
  response.end(body);
};

/** A page of a few sentences, for people who came without the right address. */
export function respondWithWords(response: ServerResponse, status: number, ...sentences: string[]): void {
  const paragraphs = sentences.map((sentence) => `<p>${sentence}</p>`).join('\n');
  const page = `<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>Enlarger</title>\n${paragraphs}\n</html>\n`;
  finish(response, status, 'text/html; charset=utf-8', page);
}

export function respondWithResult(response: ServerResponse, status: number, result: Result<unknown>): void {
  finish(response, status, 'application/json; charset=utf-8', JSON.stringify(result));
}

export function respondWithFile(response: ServerResponse, file: PageFile): void {
  response.writeHead(200, {
    'content-type': file.type,
    'content-length': file.bytes.length,
    'cache-control': file.cache,
  });
  // Node sends no body to a HEAD request.
  response.end(file.bytes);
}
