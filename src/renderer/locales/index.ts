import { createI18n } from 'vue-i18n';
import { en } from './en';
import { ko } from './ko';

/** The page's languages; the chosen one follows the settings. */
export const createTexts = () =>
  createI18n({ legacy: false, locale: 'en', fallbackLocale: 'en', messages: { en, ko } });
