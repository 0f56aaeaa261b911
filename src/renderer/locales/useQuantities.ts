import { useI18n } from 'vue-i18n';
import type { Fault } from '../../shared/faults';
import { FORMATS, INPUT_FORMATS } from '../../shared/formats';
import { koreanOf } from './engineSentences';

const FORMAT_NAMES = INPUT_FORMATS.map((format) => FORMATS[format].name).join(', ');

const formats = new Map<string, Intl.NumberFormat>();

/** Made once for each: making one takes longer than all else of a frame. */
function formatOf(locale: string, digits: number): Intl.NumberFormat {
  const key = `${locale} ${digits}`;
  const known = formats.get(key);
  if (known) return known;
  const fresh = new Intl.NumberFormat(locale, { minimumFractionDigits: 0, maximumFractionDigits: digits });
  formats.set(key, fresh);
  return fresh;
}

/** Numbers and faults as sentences of the language on screen. */
export function useQuantities() {
  const i18n = useI18n();
  const { t, locale } = i18n;

  const number = (value: number, digits = 0): string => formatOf(locale.value, digits).format(value);

  /** As long a time as anyone would say it: `0.4 s`, `12 s`, `3 min`, `1 h 20 min`. */
  function duration(seconds: number): string {
    if (seconds < 0.095) return t('quantity.underTenth');
    if (seconds < 9.95) return t('quantity.seconds', { n: number(seconds, 1) });
    if (seconds < 90) return t('quantity.seconds', { n: number(Math.round(seconds)) });
    const minutes = Math.round(seconds / 60);
    if (minutes < 60) return t('quantity.minutes', { n: minutes });
    const hours = Math.floor(minutes / 60);
    return minutes % 60 === 0
      ? t('quantity.hours', { n: number(hours) })
      : t('quantity.hoursMinutes', { h: number(hours), m: minutes % 60 });
  }

  /** What is left of a wait: in whole seconds, and from ten on in steps of five, so that it does not flicker. */
  const timeLeft = (seconds: number): string =>
    duration(seconds < 10 ? Math.max(1, Math.ceil(seconds)) : 5 * Math.ceil(seconds / 5));

  /** Zoom as percent: one decimal below 10 %. */
  const percent = (zoom: number): string => `${number(zoom * 100, zoom < 0.1 ? 1 : 0)} %`;

  const megapixels = (value: number): string =>
    t('scale.megapixels', { n: value < 0.1 ? number(value, 3) : number(value, value < 10 ? 1 : 0) });

  /** A difference with its sign and always so many decimals; what rounds to nothing has no sign. */
  function signed(value: number, digits = 2): string {
    const size = Math.abs(value).toFixed(digits);
    if (Number(size) === 0) return size;
    return `${value < 0 ? '−' : '+'}${size}`;
  }

  /** Bytes as file managers say them, in steps of a thousand, with about three digits. */
  function fileSize(bytes: number): string {
    const units = ['kilobyte', 'megabyte', 'gigabyte'] as const;
    const kilobytes = bytes / 1000;
    const step = kilobytes < 999.5 ? 0 : kilobytes < 999_500 ? 1 : 2;
    const value = kilobytes / 1000 ** step;
    const digits = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
    return value.toLocaleString(locale.value, {
      style: 'unit',
      unit: units[step],
      maximumFractionDigits: step === 0 ? Math.min(1, digits) : digits,
    });
  }

  /** The sentence of a fault: the engine's own, or this language's for its code. */
  function sentence(fault: Fault): string {
    const key = `fault.${fault.code}`;
    const words = { file: fault.file ?? '', formats: FORMAT_NAMES };
    return i18n.te(key, locale.value) ? t(key, words).trim() : fault.message;
  }

  /** Why a model was refused: the engine's own reason where this language has it, else the word for its code. */
  function refusal(fault: Fault): string {
    const own = said(fault.message);
    return own === fault.message ? sentence(fault) : own;
  }

  /** A sentence of the engine's that is no fault, in this language where it is known. */
  const said = (text: string): string => (locale.value === 'ko' ? koreanOf(text) : null) ?? text;

  /** What is behind a fault's sentence: what the sentence on screen leaves out. */
  function behind(fault: Fault): string {
    const own = sentence(fault) === fault.message ? [] : [fault.message];
    return [...own, ...(fault.detail ? [fault.detail] : [])].join('\n');
  }

  return {
    number,
    duration,
    timeLeft,
    percent,
    megapixels,
    signed,
    fileSize,
    sentence,
    refusal,
    said,
    behind,
  };
}
