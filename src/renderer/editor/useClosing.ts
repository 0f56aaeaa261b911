import { photoTitle } from '../document/photoTitle';
import { useI18n } from 'vue-i18n';
import { photoOf } from '../document/document';
import { useDocument } from '../stores/document';
import { useNotices } from '../stores/notices';

/** Closes a photo and says so, with the way back; the word leaves when something else is done, or by itself. */
export function useClosing(): (token: string) => void {
  const { t } = useI18n();
  const doc = useDocument();
  const notices = useNotices();
  return (token) => {
    const photo = photoOf(doc.present, token);
    if (!photo) return;
    doc.close(token);
    notices.add({
      place: 'document',
      message: t('notice.closed', { name: photoTitle(photo.info) }),
      next: { label: 'notice.undo', run: () => doc.undo() },
      passes: true,
    });
  };
}
