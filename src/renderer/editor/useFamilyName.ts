import { useI18n } from 'vue-i18n';

/** The name of a family of methods in the page's language; one that it has no word for, by its id. */
export function useFamilyName(): (family: string) => string {
  const i18n = useI18n();
  return (family) => (i18n.te(`method.family.${family}`) ? i18n.t(`method.family.${family}`) : family);
}
