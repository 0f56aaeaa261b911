import { describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { photoTokenSchema } from '../../../src/shared/enlargement';
import { newPhotoToken, PhotoBook, type BookedPhoto } from '../../../src/shared/link/photoBook';

const booked = (photo: string, bytes = 1, temporary = true): BookedPhoto => ({
  photo,
  name: `${photo}.png`,
  source: { kind: 'file', path: `/${photo}`, state: { bytes, modifiedMs: 1 }, temporary },
});
const names = (photos: readonly BookedPhoto[]): string[] => photos.map(({ photo }) => photo);

describe('a token', () => {
  it('is one of the contract, and never the same', () => {
    const tokens = Array.from({ length: 1000 }, newPhotoToken);
    expect(new Set(tokens).size).toBe(1000);
    expect(tokens.filter((token) => !v.is(photoTokenSchema, token))).toEqual([]);
  });
});

describe('the book', () => {
  it('keeps what was closed, for undo, and knows what is open', () => {
    const book = new PhotoBook();
    for (const photo of ['photo-a', 'photo-b']) book.add(booked(photo));
    expect(book.close('photo-a')).toEqual([]);
    expect([names(book.open), names(book.all)]).toEqual([['photo-b'], ['photo-a', 'photo-b']]);
    book.reopened('photo-a');
    expect(names(book.open)).toEqual(['photo-a', 'photo-b']);
    book.closeAll();
    expect([names(book.open), names(book.all)]).toEqual([[], ['photo-a', 'photo-b']]);
  });

  it('forgets the ones closed longest ago beyond 64, never an open one', () => {
    const book = new PhotoBook();
    const tokens = Array.from({ length: 66 }, (_, at) => `photo-${at}`);
    for (const photo of tokens) book.add(booked(photo));
    const forgotten = tokens.slice(0, 65).flatMap((photo) => names(book.close(photo)));
    expect(forgotten).toEqual(['photo-0']);
    expect(book.find('photo-0')).toBeUndefined();
    expect(book.isOpen('photo-65')).toBe(true);
  });

  it('forgets temporary files beyond a gibibyte, and none of the user’s own for its size', () => {
    const book = new PhotoBook();
    const half = 2 ** 29;
    for (const photo of ['photo-a', 'photo-b', 'photo-c']) book.add(booked(photo, half));
    for (const photo of ['photo-d', 'photo-e', 'photo-f']) book.add(booked(photo, 4 * half, false));
    for (const photo of ['photo-d', 'photo-e', 'photo-f', 'photo-a', 'photo-b']) {
      expect(book.close(photo)).toEqual([]);
    }
    expect(names(book.close('photo-c'))).toContain('photo-a');
    expect(book.find('photo-b')).toBeDefined();
  });

  it('of an earlier run is all closed, and tells its changes', () => {
    let changes = 0;
    const book = new PhotoBook([booked('photo-a')], () => (changes += 1));
    expect([names(book.open), names(book.all)]).toEqual([[], ['photo-a']]);
    book.add(booked('photo-b'));
    expect(names(book.clear())).toEqual(['photo-a', 'photo-b']);
    expect([changes, book.all]).toEqual([2, []]);
    expect(book.close('photo-a')).toEqual([]);
  });
});
