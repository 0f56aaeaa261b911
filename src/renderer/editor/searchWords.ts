/**
 * What people call what a method is for, in both languages of the page: a search finds a method by its task as
 * well as by its name. By family, then by the method's id.
 */
const OF_FAMILY: Readonly<Record<string, string>> = {
  interpolation: 'resize resample simple fast plain 보간 리사이즈 크기 조절 빠른 간단',
  convolutional: 'neural network fast quick preview clean cnn 신경망 빠른 미리보기 깨끗한',
  residual: 'neural network faithful clean sharp text print 신경망 충실 깨끗한 선명 글자 인쇄',
  attention: 'neural network faithful clean detail 신경망 충실 깨끗한 세부 주의',
  implicit: 'any scale arbitrary fractional large print poster 임의 배율 대형 인쇄 포스터',
  adversarial: 'gan texture crisp sharp invent hair skin grass 질감 또렷 선명 생성 머리카락 피부',
  blind:
    'noise noisy denoise grain jpeg jpg artefact artifact block compression old photo scan phone web restore ' +
    '노이즈 잡음 제이펙 압축 블록 깨짐 오래된 옛날 사진 스캔 휴대폰 웹 복원 저화질',
  enlarger: 'recommended default any scale faithful clean print 추천 기본 임의 배율 충실 깨끗한 인쇄',
};

const OF_METHOD: Readonly<Record<string, string>> = {
  nearest: 'pixel art blocks icon sprite screenshot 픽셀 아트 도트 아이콘 최근접',
  bilinear: 'soft smooth 부드러운 쌍선형',
  bicubic: 'reference baseline standard photoshop 기준 표준 바이큐빅',
  lanczos: 'sharper 란초스',
  'lanczos-consistent': 'sharper faithful reference consistent 란초스 일관성',
  'enlarger-photo': 'noise noisy jpeg old photo camera real 노이즈 잡음 제이펙 오래된 사진 카메라',
  'enlarger-fast': 'fast quick small laptop 빠른',
  'blind-compact': 'fast quick 빠른',
};

/** The words that find a method beside those of its card. */
export const searchWords = (id: string, family: string): string =>
  `${OF_FAMILY[family] ?? ''} ${OF_METHOD[id] ?? ''}`;
