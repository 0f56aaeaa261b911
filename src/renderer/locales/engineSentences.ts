/**
 * What the engine says of methods and photos, in Korean, by its English sentence with every number as `#`. A
 * sentence that is not here is shown as the engine says it.
 */
const KOREAN_SENTENCES: Readonly<Record<string, string>> = {
  'PSNR and SSIM of BT.# luma (# to #) of #-bit pictures, grey as grey, a border of # pixels cut':
    'BT.# 휘도(#~#) #비트 그림의 PSNR과 SSIM, 회색은 회색으로, 가장자리 #픽셀을 뺌',
  'PSNR and SSIM of BT.# luma (# to #) of #-bit pictures, grey as grey, a border of # pixel cut':
    'BT.# 휘도(#~#) #비트 그림의 PSNR과 SSIM, 회색은 회색으로, 가장자리 #픽셀을 뺌',
  'PSNR and SSIM of BT.# luma (# to #) of #-bit pictures, grey as grey, a border as wide as the scale cut':
    'BT.# 휘도(#~#) #비트 그림의 PSNR과 SSIM, 회색은 회색으로, 가장자리를 배율만큼 뺌',
  'PSNR and SSIM of all colours, not rounded, a border of # pixels cut; luma of #-bit pictures':
    '반올림하지 않은 모든 색의 PSNR과 SSIM, 가장자리 #픽셀을 뺌; 휘도는 #비트 그림의 것',
  'PSNR and SSIM of all colours, not rounded, a border of the scale and # pixels cut; luma of #-bit pictures':
    '반올림하지 않은 모든 색의 PSNR과 SSIM, 가장자리를 배율과 #픽셀만큼 뺌; 휘도는 #비트 그림의 것',
  'Showing the pixels themselves; pixel art at whole scales.':
    '픽셀을 그대로 보여 줄 때, 정수 배율의 픽셀 아트.',
  'Photographs: every edge becomes a staircase.': '사진: 모든 가장자리가 계단이 됩니다.',
  'What it makes of other pictures was not measured: the sample is too small for this scale.':
    '다른 그림에서 어떤지는 측정하지 못했습니다. 이 배율에는 견본이 너무 작습니다.',
  'Figures are of photos that were degraded as those that it learned from.':
    '값은 학습한 사진과 똑같이 열화시킨 사진에서 잰 것입니다.',
  'Speed, without overshoot at edges.': '빠르고, 가장자리가 튀지 않습니다.',
  'Detail: it is the softest of all.': '세부: 가장 흐립니다.',
  'An honest, fast enlargement; the reference that every paper compares with.':
    '정직하고 빠른 확대. 모든 논문이 비교하는 기준입니다.',
  'Fine texture, which it leaves soft; slight halos at hard edges.':
    '고운 질감은 흐리게 남고, 뚜렷한 가장자리에 옅은 띠가 생깁니다.',
  'A little more sharpness than bicubic, at any scale.': '어떤 배율에서나 바이큐빅보다 조금 더 선명합니다.',
  'Hard edges, which ring.': '뚜렷한 가장자리에 물결이 생깁니다.',
  'What was reduced before: one decibel above bicubic without any weights, and true to the photo.':
    '줄였던 사진: 가중치 없이 바이큐빅보다 1데시벨 높고 사진에 충실합니다.',
  "A camera's noise and JPEG blocks, which it forces back in; hard edges, which ring.":
    '카메라 잡음과 JPEG 블록을 되살리고, 뚜렷한 가장자리에 물결이 생깁니다.',
  'Photographs from telephones and the web, quickly.': '휴대폰과 웹의 사진을 빠르게.',
  'Fine texture goes with the noise; on a clean picture use another.':
    '고운 질감이 잡음과 함께 사라집니다. 깨끗한 사진에는 다른 방법을 쓰세요.',
  'Photographs from telephones and the web: takes noise and JPEG blocks away while it enlarges.':
    '휴대폰과 웹의 사진: 확대하면서 잡음과 JPEG 블록을 없앱니다.',
  'Photographs from telephones and the web, at any scale: takes noise and JPEG blocks away while it enlarges, and gives texture back as far as strength is turned.':
    '휴대폰과 웹의 사진, 어떤 배율에서나: 확대하면서 잡음과 JPEG 블록을 없애고, 세기를 올린 만큼 질감을 되살립니다.',
  'On a clean picture it smooths more than a network made for clean pictures.':
    '깨끗한 사진에서는 그런 사진을 위한 신경망보다 더 매끈하게 뭉갭니다.',
  'On a clean picture it smooths more than a network made for clean pictures; near full strength dots are seen in foliage.':
    '깨끗한 사진에서는 그런 사진을 위한 신경망보다 더 매끈하게 뭉갭니다. 세기가 최대에 가까우면 나뭇잎에 점이 보입니다.',
  'Crisper than LTE at any scale: crispness goes from the mean of what might be there to the most probable.':
    '어떤 배율에서나 LTE보다 또렷합니다. 또렷함은 있을 법한 것의 평균에서 가장 그럴듯한 것으로 갑니다.',
  'Trained shortly: a little crisper than LTE, no more. Costs a fifth more.':
    '짧게 학습해 LTE보다 조금 또렷할 뿐이며, 5분의 1만큼 더 걸립니다.',
  'The best fidelity here at a reasonable price: clean edges, readable text, little invented.':
    '적당한 시간에 가장 충실합니다: 깨끗한 가장자리, 읽히는 글자, 거의 지어내지 않음.',
  "About forty times the work of FSRCNN; texture finer than the picture's pixels stays smooth rather than guessed.":
    'FSRCNN의 약 40배를 계산합니다. 픽셀보다 고운 질감은 짐작하지 않고 매끈하게 둡니다.',
  'Any scale from one small set of weights; what it found in the photo is kept, so that zooming further is quick.':
    '작은 가중치 하나로 어떤 배율이나 됩니다. 사진에서 알아낸 것을 간직하므로 더 확대해도 빠릅니다.',
  'A quarter of a million weights know less than a large network.':
    '가중치 25만 개는 큰 신경망보다 아는 것이 적습니다.',
  "Any scale from one set of weights, EDSR's fidelity, and a further zoom costs milliseconds.":
    '가중치 하나로 어떤 배율이나 되고 EDSR만큼 충실하며, 더 확대하는 데 몇 밀리초면 됩니다.',
  'Fine texture beyond what the photo holds stays smooth rather than guessed; the first view costs as much as EDSR.':
    '사진에 없는 고운 질감은 짐작하지 않고 매끈하게 둡니다. 처음 볼 때는 EDSR만큼 걸립니다.',
  'The fastest network here: three convolutions at the small size and a rearrangement of pixels.':
    '가장 빠른 신경망: 작은 크기에서 합성곱 세 번, 그리고 픽셀 재배열.',
  'Sees only nine pixels across, so long thin lines and texture stay soft.':
    '아홉 픽셀 너비만 보므로 길고 가는 선과 질감이 흐립니다.',
  'Sharp texture at x4; between it and its PSNR half a slider chooses the strength.':
    '4배에서 선명한 질감. 충실한 쪽과의 사이에서 세기를 고릅니다.',
  'Invents texture: do not read letters or faces from it.':
    '질감을 지어냅니다: 글자나 얼굴을 여기서 읽지 마세요.',
  'Crispness in the fine detail only: what is broad and smooth is regressed.':
    '고운 세부만 또렷하게: 넓고 매끈한 것은 평균으로 구합니다.',
  'Less faithful than CS at the same crispness, and more pixels beyond what is around them.':
    '같은 또렷함에서 CS보다 덜 충실하고, 주변을 벗어나는 픽셀이 더 많습니다.',
  'Fast previews and everyday enlargements; twelve thousand weights, tens of megapixels a second.':
    '빠른 미리보기와 일상적인 확대. 가중치 1만 2천 개, 초당 수십 메가픽셀.',
  'Fine texture stays soft, and the transposed convolution can leave a faint checkerboard in smooth areas.':
    '고운 질감이 흐리고, 매끈한 곳에 옅은 바둑판무늬가 남을 수 있습니다.',
  "Any scale from one set of weights, with EDSR-baseline's fidelity at x2 to x4.":
    '가중치 하나로 어떤 배율이나 되고, 2배에서 4배까지 EDSR-baseline만큼 충실합니다.',
  'Slow: an MLP of four layers four times for every output pixel; beyond x4 edges stay smooth.':
    '느립니다: 출력 픽셀마다 네 층짜리 MLP를 네 번 계산합니다. 4배를 넘으면 가장자리가 무릅니다.',
  'Sharper than LIIFusion at x2 to x4.': '2배에서 4배까지 LIIFusion보다 선명합니다.',
  'Invents texture: do not read letters or faces from it. Trained so shortly that another seed still changes next to nothing.':
    '질감을 지어냅니다: 글자나 얼굴을 여기서 읽지 마세요. 짧게 학습해 시드를 바꾸어도 거의 달라지지 않습니다.',
  "Any scale, with LIIF's fidelity, and a view of the photo as a whole.":
    '어떤 배율이나 되고 LIIF만큼 충실하며, 사진 전체를 봅니다.',
  "Costs what LIIF costs; at x2 the photo's prior helps little, and beyond x4 it knows nothing of the scale.":
    'LIIF만큼 걸립니다. 2배에서는 사진의 사전 지식이 별로 돕지 않고, 4배를 넘는 배율은 배우지 않았습니다.',
  'Any scale, with texture that keeps its frequency as one zooms.':
    '어떤 배율이나 되고, 확대해도 질감의 주파수가 유지됩니다.',
  "Slow, as LIIF is; regular patterns near the limit of the photo's pixels can come out with a wrong direction.":
    'LIIF처럼 느립니다. 픽셀 한계에 가까운 규칙적인 무늬는 방향이 틀리게 나올 수 있습니다.',
  'Fidelity: attention lets it spend its channels where the picture needs them.':
    '충실도: 어텐션으로 필요한 곳에 채널을 씁니다.',
  'A tenth more work than EDSR-baseline, whose figures this size does not reach; the published one has twelve times as many blocks.':
    'EDSR-baseline보다 십분의 일 더 계산하지만 이 크기로는 그 수치에 미치지 못합니다. 논문의 것은 블록이 열두 배입니다.',
  'Fidelity, with attention to how channels vary together rather than to their means alone.':
    '충실도: 채널의 평균만이 아니라 함께 변하는 모습에 주목합니다.',
  'Its attention is over the whole picture, so a tile is not exactly what the whole would be.':
    '어텐션이 그림 전체에 걸치므로, 타일은 전체를 한 번에 한 것과 똑같지 않습니다.',
  'The first network of the kind, for comparison: cleaner edges than bicubic at every scale.':
    '이 분야의 첫 신경망, 비교용: 모든 배율에서 바이큐빅보다 가장자리가 깨끗합니다.',
  'Works at the large size, so it is slow for what it gives; rings faintly beside strong edges.':
    '큰 크기에서 계산하므로 결과에 비해 느리고, 강한 가장자리 옆에 옅은 물결이 생깁니다.',
  'Crisp, natural-looking texture at x4.': '4배에서 또렷하고 자연스러운 질감.',
  'Invents what it does not know: letters, faces and patterns can come out wrong but sharp.':
    '모르는 것을 지어냅니다: 글자, 얼굴, 무늬가 선명하지만 틀리게 나올 수 있습니다.',
  "Fidelity at x4, near EDSR-baseline's; the starting point of SRGAN.":
    '4배에서 EDSR-baseline에 가까운 충실도. SRGAN의 출발점입니다.',
  'Squared error averages over what might be there: fine texture comes out smooth.':
    '제곱 오차는 있을 법한 것을 평균합니다: 고운 질감이 매끈하게 나옵니다.',
  'One set of weights for every scale, fractional ones too.': '소수 배율까지 모든 배율에 가중치 하나.',
  'Works at the large size, so it costs sixteen times at x4 what a network of its size at the small size would.':
    '큰 크기에서 계산하므로, 4배에서는 작은 크기에서 계산하는 같은 규모의 신경망보다 16배 걸립니다.',
  'What its maker trained it for; it was imported and not measured by this project.':
    '만든 사람이 학습시킨 용도. 가져온 것이며 여기서 측정하지 않았습니다.',
  'The photo is stored in CMYK and was converted to sRGB.': 'CMYK로 저장된 사진이라 sRGB로 바꾸었습니다.',
  'This is the JPEG that the camera made of the raw photo.': '카메라가 원본에서 직접 만든 JPEG입니다.',
  'This is the JPEG that the camera made of the raw photo: # x # pixels, while developing gives # x #.':
    '카메라가 원본에서 직접 만든 JPEG입니다. # x # 픽셀이고, 현상하면 # x #입니다.',
  'The file holds # frames; only the first is opened.': '프레임 #개 가운데 첫째만 열었습니다.',
  'The file holds # pages; only the first is opened.': '쪽 #개 가운데 첫째만 열었습니다.',
  'The file has a further channel that does not say what it means: it was not read as opacity, and is left out.':
    '무엇인지 밝히지 않은 채널이 더 있어, 불투명도로 읽지 않고 뺐습니다.',
  'The EXIF is longer than a JPEG can hold (# kB) and was left out.':
    'EXIF가 JPEG에 담을 수 있는 길이(#kB)를 넘어 뺐습니다.',
  'The grey profile was converted to sRGB: the format has no grey of its own.':
    '이 형식에는 회색조가 따로 없어 회색 프로파일을 sRGB로 바꾸었습니다.',
  'The file lacks its end marker; all pixels were there.': '파일에 끝 표시가 없지만 픽셀은 모두 있습니다.',
  'The colour profile is damaged and was left out.': '색상 프로파일이 손상되어 뺐습니다.',
  'The file holds # pages; this is page #.': '쪽 #개 가운데 #쪽입니다.',
  'The file holds # frames; this is frame #.': '프레임 #개 가운데 #번째입니다.',
  'The gain map (high dynamic range) of the photo cannot be read and was left out; nothing points to it any more.':
    '사진의 게인 맵(HDR)을 읽을 수 없어 뺐으며, 이제 아무것도 그것을 가리키지 않습니다.',
  'The gain map (high dynamic range) holds for the colours of the profile that is left out, and was left out too.':
    '게인 맵(HDR)은 뺀 프로파일의 색에 맞춘 것이라 함께 뺐습니다.',
  'The picture is longer than the index of attached pictures can say (# GB): its gain map was left out.':
    '그림이 딸린 그림의 색인에 적을 수 있는 길이(#GB)를 넘어 게인 맵을 뺐습니다.',
};

/**
 * Sentences with words in them: in the English one each `*` stands for some, which the Korean one has as `{1}`,
 * `{2}`, in their order.
 */
const KOREAN_PATTERNS: readonly (readonly [string, string])[] = [
  ['* holds * bits a channel, not 16.', '{1}은(는) 채널마다 16비트가 아니라 {2}비트를 담습니다.'],
  ['* has no transparency: it was laid onto white.', '{1}에는 투명도가 없어 흰 바탕에 놓았습니다.'],
  [
    'The text "*" has no place in a JPEG and was left out.',
    'JPEG에는 글 “{1}”이(가) 들어갈 자리가 없어 뺐습니다.',
  ],
  [
    '* has no place for the gain map (high dynamic range): left out.',
    '{1}에는 게인 맵(HDR)이 들어갈 자리가 없어 뺐습니다.',
  ],
  [
    'What is attached to the photo is not carried on (*); nothing points to it any more.',
    '사진에 딸린 것({1})은 옮기지 않으며, 이제 아무것도 그것을 가리키지 않습니다.',
  ],
  [
    '* was left out: expected * pixels a side or more, it has * x *.',
    '{1}을(를) 뺐습니다. 한 변이 {2}픽셀 이상이어야 하는데 {3}×{4}입니다.',
  ],
  [
    '* was left out: Expected a whole picture in *; copy it again from where it came from.',
    '{1}을(를) 뺐습니다. 파일이 손상되었거나 중간에 끊겨 있습니다. 사진을 다시 복사하세요.',
  ],
  ['* was left out: *', '{1}을(를) 뺐습니다: {2}'],
  [
    'Layers before * stayed as they are: no gradient goes back through that.',
    '{1} 앞의 층은 그대로 두었습니다. 기울기가 그곳을 거슬러 지나가지 못합니다.',
  ],
  ['WebP has no place for *: left out.', 'WebP에는 {1}이(가) 들어갈 자리가 없어 뺐습니다.'],
  [
    "The file's colours are told by code points that Enlarger does not know (primaries *, transfer *); they are read as sRGB.",
    '파일의 색을 나타내는 코드(원색 {1}, 전달 {2})를 알지 못해 sRGB로 읽었습니다.',
  ],
  [
    'The photo has high dynamic range (*); its numbers are kept, and programs without it show a tone-mapped picture.',
    '사진이 HDR입니다({1}). 값은 그대로 두며, HDR을 모르는 프로그램은 톤 매핑한 그림을 보입니다.',
  ],
  [
    'Parts of the file are damaged and were filled in by the decoder ("*"); look at the result closely, or copy the photo again from where it came from.',
    '파일 일부가 손상되어 디코더가 채웠습니다(“{1}”). 결과를 자세히 보거나 사진을 다시 복사하세요.',
  ],
  [
    'Memory was short on *: * goes on in tiles of * pixels.',
    '{1}의 메모리가 모자라 {2}을(를) {3}픽셀 타일로 계속합니다.',
  ],
  ['* is not used for *: it *.', '{2}에 {1}을(를) 쓰지 않습니다: {3}.'],
  ['* is left alone for a day.', '하루 동안 쓰지 않습니다: {1}.'],
  [
    'The folder * was not found; only interpolation is here.',
    '폴더 {1}을(를) 찾지 못해 보간만 쓸 수 있습니다.',
  ],
  [
    'The folder * holds no method; only interpolation is here.',
    '폴더 {1}에 방법이 없어 보간만 쓸 수 있습니다.',
  ],
  [
    '* did not come to an end: one run of its network took more than * s, and the engine was ended. It is left alone for an hour.',
    '{1}이(가) 끝나지 않았습니다. 신경망을 한 번 돌리는 데 {2}초를 넘겨 엔진을 끝냈고, 한 시간 동안 쓰지 않습니다.',
  ],
  [
    'Expected a new name for *, but there is a method * already; give it another one (in the terminal: --name).',
    '{2}(이)라는 방법이 이미 있습니다. {1}에 다른 이름을 지어 주세요.',
  ],
  [
    'Expected a model that was just given; drop its file once more.',
    '모델 파일이 더 이상 없습니다. 파일을 다시 놓아 주세요.',
  ],
  [
    'Expected a model file, but * cannot be opened; check its path.',
    '{1} 파일을 열 수 없습니다. 자리를 확인해 주세요.',
  ],
  ['Expected a model of at most 1 GiB, but * has * GiB.', '모델은 1GiB까지인데 {1}은(는) {2}GiB입니다.'],
  [
    'Expected * to be an ONNX model that can be read, but *; export it again.',
    '{1}은(는) 읽을 수 있는 ONNX 모델이 아닙니다({2}). 다시 내보내 주세요.',
  ],
  [
    'Expected * to be a model that enlarges pictures, but it has * inputs, where one picture is needed.',
    '{1}은(는) 입력이 {2}개인데 사진 하나여야 합니다.',
  ],
  [
    'Expected * to be a model that enlarges pictures, but it has * outputs, where one picture is needed.',
    '{1}은(는) 출력이 {2}개인데 사진 하나여야 합니다.',
  ],
  [
    'Expected * to be a model that enlarges pictures, but its * has * axes, where a picture has four (batch, channels, height, width).',
    '{1}의 {2} 축이 {3}개인데, 사진은 네 개(묶음, 채널, 높이, 너비)입니다.',
  ],
  [
    'Expected * to be a model that enlarges pictures, but its * is of *, where pictures are of float32, float16 or uint8.',
    '{1}의 {2} 형식이 {3}인데, 사진은 float32, float16, uint8입니다.',
  ],
  [
    "Expected * to be a model that enlarges pictures, but it was exported for version * of ONNX's operators; export it for * or later.",
    '{1}은(는) ONNX 연산자 버전 {2}용입니다. {3} 이상으로 다시 내보내 주세요.',
  ],
  [
    'Expected * to be a model that enlarges pictures, but its operator * is not one of ONNX but of "*".',
    '{1}의 연산자 {2}은(는) ONNX가 아니라 "{3}"의 것입니다.',
  ],
  [
    'Expected * to be a model that enlarges pictures, but it decides while it runs (*); export it traced, with fixed branches.',
    '{1}은(는) 실행 중에 갈라집니다({2}). 갈래를 고정해 다시 내보내 주세요.',
  ],
  [
    'Expected * to be a model that enlarges pictures, but it does not give a picture of every size; export it with free height and width.',
    '{1}은(는) 모든 크기의 사진을 만들지 못합니다. 높이와 너비를 자유롭게 두고 다시 내보내 주세요.',
  ],
  [
    'Expected * to be a model that enlarges pictures, but it runs only at the size that it was exported for (*): *; export it with free height and width.',
    '{1}은(는) 내보낸 크기({2})에서만 실행됩니다({3}). 높이와 너비를 자유롭게 두고 다시 내보내 주세요.',
  ],
  [
    'Expected * to be a model that enlarges pictures, but of a test picture it makes another one: reduced again it is * dB from what went in, where a model that enlarges has more than *.',
    '{1}은(는) 시험용 그림으로 다른 그림을 만듭니다. 결과를 다시 줄이면 넣은 것과 {2} dB인데, 확대하는 모델은 {3} dB를 넘습니다.',
  ],
  [
    'Expected * to be a model that enlarges pictures, but *.',
    '{1}은(는) 사진을 확대하는 모델이 아닙니다: {2}.',
  ],
];

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const MATCHERS = KOREAN_PATTERNS.map(
  ([english, korean]) =>
    [new RegExp(`^${english.split('*').map(escaped).join('(.+)')}$`, 's'), korean] as const,
);

function koreanByPattern(sentence: string): string | null {
  for (const [pattern, korean] of MATCHERS) {
    const found = pattern.exec(sentence);
    if (found) return korean.replace(/\{(\d)\}/g, (_whole, place: string) => found[Number(place)] ?? '');
  }
  return null;
}

const NUMBER = /\d[\d,.]*\d|\d/g;

/** A sentence of the engine in Korean; null: only the engine's own is known. */
export function koreanOf(sentence: string): string | null {
  const exact = KOREAN_SENTENCES[sentence];
  if (exact !== undefined) return exact;
  const numbers = sentence.match(NUMBER) ?? [];
  const pattern = KOREAN_SENTENCES[sentence.replace(NUMBER, '#')];
  let next = 0;
  if (pattern !== undefined) return pattern.replace(/#/g, () => numbers[next++] ?? '');
  return koreanByPattern(sentence);
}
