/** What the shell itself says, in the languages of the page; everything else is the page's. */
const ENGLISH = {
  photos: 'Photos',
  models: 'Models (ONNX)',
  document: 'Document of Enlarger',
  allFiles: 'All files',
  file: 'File',
  open: 'Open…',
  recent: 'Open recent',
  clearRecent: 'Clear list',
  save: 'Save document',
  saveAs: 'Save document as…',
  export: 'Export…',
  edit: 'Edit',
  view: 'View',
  window: 'Window',
  help: 'Help',
  shortcuts: 'Keyboard shortcuts',
  leaveQuestion: 'An enlargement is not finished. Stop it and close?',
  leave: 'Stop and close',
  stay: 'Go on',
  pageGone: 'The window stopped working. What was exported is safe; the photos come back.',
  reload: 'Load again',
  close: 'Close',
  noSandbox:
    'Enlarger was started with --no-sandbox, which takes away a protection between photos from others and your files. Start it without that switch.',
  cannotStart: 'Enlarger cannot start',
  pageMissing: 'Its page could not be loaded. Please install Enlarger again.',
  engineFailed:
    'Its engine stopped three times in a row, so photos cannot be enlarged. Please start Enlarger again; if that does not help, install it again. The engine said:',
} as const;

export type Words = Readonly<Record<keyof typeof ENGLISH, string>>;

const KOREAN: Words = {
  photos: '사진',
  models: '모델(ONNX)',
  document: 'Enlarger 문서',
  allFiles: '모든 파일',
  file: '파일',
  open: '열기…',
  recent: '최근 항목 열기',
  clearRecent: '목록 지우기',
  save: '문서 저장',
  saveAs: '문서를 다른 이름으로 저장…',
  export: '내보내기…',
  edit: '편집',
  view: '보기',
  window: '윈도우',
  help: '도움말',
  shortcuts: '키보드 단축키',
  leaveQuestion: '아직 끝나지 않은 확대 작업이 있습니다. 중단하고 닫을까요?',
  leave: '중단하고 닫기',
  stay: '계속하기',
  pageGone: '창이 작동을 멈췄습니다. 내보낸 파일은 안전하며 사진은 다시 나타납니다.',
  reload: '다시 불러오기',
  close: '닫기',
  noSandbox:
    'Enlarger가 --no-sandbox로 시작되어 다른 사람의 사진과 내 파일 사이의 보호 장치가 꺼져 있습니다. 이 옵션 없이 다시 시작해 주세요.',
  cannotStart: 'Enlarger를 시작할 수 없습니다',
  pageMissing: '화면을 불러오지 못했습니다. Enlarger를 다시 설치해 주세요.',
  engineFailed:
    '엔진이 세 번 연속으로 멈춰 사진을 확대할 수 없습니다. Enlarger를 다시 시작해 보고, 그래도 안 되면 다시 설치해 주세요. 엔진의 메시지:',
};

/** The shell's words for a locale such as `ko-KR`; English where there are no others. */
export const wordsFor = (locale: string): Words => (/^ko\b/i.test(locale) ? KOREAN : ENGLISH);
