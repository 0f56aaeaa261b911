;; Output pixels of a separable decoder. Cells are whole numbers of 16 bits, eight at a time: half the memory of floats, and
;; one instruction multiplies eight and adds them two by two. A cell is some blocks; of a block each pair of functions down
;; the column is three vectors, one a colour, of four functions along the row, each with its two numbers of the pair side by
;; side: no number is left unused, and what a sum reads lies side by side. The memory is colourTile.wat's, whose functions
;; finish what is made here.
;; separable.ts explains the arithmetic; separableBinary.ts holds this module's bytes, made by
;;   npx --yes -p wabt wat2wasm separable.wat --output=- | base64 -w 0
(module
  (import "tile" "memory" (memory 1))

  ;; The weights of a row of pixels, rounded to whole numbers: out[block][line][pair][colour][function along the row][one of
  ;; the pair] = values[line][pair][one] * gains[block][pair][colour][one][function along the row], the values of the second
  ;; line `step` bytes after those of the first. No product may be beyond 16 bits.
  (func (export "layWeights")
    (param $values i32) (param $step i32) (param $gains i32) (param $pairs i32) (param $blocks i32) (param $out i32)
    (local $line i32) (local $v i32) (local $g i32) (local $n i32) (local $even v128) (local $odd v128)
    (loop $block
      (local.set $v (local.get $values))
      (local.set $line (i32.const 2))
      (loop $lines
        (local.set $g (local.get $gains))
        (local.set $n (i32.const 0))
        (loop $pair
          (local.set $even (v128.load32_splat
            (i32.add (local.get $v) (i32.shl (local.get $n) (i32.const 3)))))
          (local.set $odd (v128.load32_splat offset=4
            (i32.add (local.get $v) (i32.shl (local.get $n) (i32.const 3)))))
          (v128.store offset=0 (local.get $out) (call $paired
            (f32x4.mul (local.get $even) (v128.load offset=0 (local.get $g)))
            (f32x4.mul (local.get $odd) (v128.load offset=16 (local.get $g)))))
          (v128.store offset=16 (local.get $out) (call $paired
            (f32x4.mul (local.get $even) (v128.load offset=32 (local.get $g)))
            (f32x4.mul (local.get $odd) (v128.load offset=48 (local.get $g)))))
          (v128.store offset=32 (local.get $out) (call $paired
            (f32x4.mul (local.get $even) (v128.load offset=64 (local.get $g)))
            (f32x4.mul (local.get $odd) (v128.load offset=80 (local.get $g)))))
          (local.set $out (i32.add (local.get $out) (i32.const 48)))
          (local.set $g (i32.add (local.get $g) (i32.const 96)))
          (br_if $pair (i32.lt_u
            (local.tee $n (i32.add (local.get $n) (i32.const 1))) (local.get $pairs))))
        (local.set $v (i32.add (local.get $v) (local.get $step)))
        (br_if $lines (local.tee $line (i32.sub (local.get $line) (i32.const 1)))))
      (local.set $gains (local.get $g))
      (br_if $block (local.tee $blocks (i32.sub (local.get $blocks) (i32.const 1))))))

  ;; Numbers rounded to 16 bits, those of both vectors side by side.
  (func $paired (param $even v128) (param $odd v128) (result v128)
    (v128.or
      (v128.and (i32x4.trunc_sat_f32x4_s (f32x4.nearest (local.get $even))) (i32x4.splat (i32.const 0xffff)))
      (i32x4.shl (i32x4.trunc_sat_f32x4_s (f32x4.nearest (local.get $odd))) (i32.const 16))))

  ;; A row of cells as the weighted sum of two lines, block after block, which lie `sumBytes` apart: out[block][j][colour] =
  ;; factor * the sum over both lines and their `pairs` of weights[block][line][pair][colour] * cell j
  ;; [block][pair][colour]. A line's cells lie `stride` bytes apart from `first`, or `second`, on. Four cells at once are
  ;; the twelve sums that the registers of a processor hold; where `cells` is no multiple of 4, what lies behind a line's
  ;; last cell is read too, and its sums are written. No sum may be beyond 32 bits.
  (func (export "sumCells")
    (param $first i32) (param $second i32) (param $weights i32) (param $pairs i32) (param $stride i32)
    (param $cells i32) (param $blocks i32) (param $sumBytes i32) (param $out i32) (param $factor f32)
    (local $line i32) (local $t i32) (local $w i32) (local $four i32) (local $weight v128)
    (local $left i32) (local $o i32) (local $a i32) (local $b i32) (local $blockBytes i32) (local $by v128)
    (local $p0 i32) (local $p1 i32) (local $p2 i32) (local $p3 i32)
    (local $c0r v128) (local $c0g v128) (local $c0b v128) (local $c1r v128) (local $c1g v128) (local $c1b v128) (local $c2r v128) (local $c2g v128) (local $c2b v128) (local $c3r v128) (local $c3g v128) (local $c3b v128)
    (local.set $four (i32.shl (local.get $stride) (i32.const 2)))
    (local.set $blockBytes (i32.mul (local.get $pairs) (i32.const 48)))
    (local.set $by (f32x4.splat (local.get $factor)))
    (loop $block
      (local.set $left (local.get $cells))
      (local.set $o (local.get $out))
      (local.set $a (local.get $first))
      (local.set $b (local.get $second))
      (loop $cell
        (local.set $c0r (v128.const i32x4 0 0 0 0))
        (local.set $c0g (local.get $c0r))
        (local.set $c0b (local.get $c0r))
        (local.set $c1r (local.get $c0r))
        (local.set $c1g (local.get $c0r))
        (local.set $c1b (local.get $c0r))
        (local.set $c2r (local.get $c0r))
        (local.set $c2g (local.get $c0r))
        (local.set $c2b (local.get $c0r))
        (local.set $c3r (local.get $c0r))
        (local.set $c3g (local.get $c0r))
        (local.set $c3b (local.get $c0r))
        (local.set $w (local.get $weights))
        (local.set $line (i32.const 2))
        (local.set $p0 (local.get $a))
        (loop $lines
          (local.set $p1 (i32.add (local.get $p0) (local.get $stride)))
          (local.set $p2 (i32.add (local.get $p1) (local.get $stride)))
          (local.set $p3 (i32.add (local.get $p2) (local.get $stride)))
          (local.set $t (local.get $pairs))
          (loop $pair
            (local.set $weight (v128.load offset=0 (local.get $w)))
            (local.set $c0r (i32x4.add (local.get $c0r) (i32x4.dot_i16x8_s (local.get $weight) (v128.load offset=0 (local.get $p0)))))
            (local.set $c1r (i32x4.add (local.get $c1r) (i32x4.dot_i16x8_s (local.get $weight) (v128.load offset=0 (local.get $p1)))))
            (local.set $c2r (i32x4.add (local.get $c2r) (i32x4.dot_i16x8_s (local.get $weight) (v128.load offset=0 (local.get $p2)))))
            (local.set $c3r (i32x4.add (local.get $c3r) (i32x4.dot_i16x8_s (local.get $weight) (v128.load offset=0 (local.get $p3)))))
            (local.set $weight (v128.load offset=16 (local.get $w)))
            (local.set $c0g (i32x4.add (local.get $c0g) (i32x4.dot_i16x8_s (local.get $weight) (v128.load offset=16 (local.get $p0)))))
            (local.set $c1g (i32x4.add (local.get $c1g) (i32x4.dot_i16x8_s (local.get $weight) (v128.load offset=16 (local.get $p1)))))
            (local.set $c2g (i32x4.add (local.get $c2g) (i32x4.dot_i16x8_s (local.get $weight) (v128.load offset=16 (local.get $p2)))))
            (local.set $c3g (i32x4.add (local.get $c3g) (i32x4.dot_i16x8_s (local.get $weight) (v128.load offset=16 (local.get $p3)))))
            (local.set $weight (v128.load offset=32 (local.get $w)))
            (local.set $c0b (i32x4.add (local.get $c0b) (i32x4.dot_i16x8_s (local.get $weight) (v128.load offset=32 (local.get $p0)))))
            (local.set $c1b (i32x4.add (local.get $c1b) (i32x4.dot_i16x8_s (local.get $weight) (v128.load offset=32 (local.get $p1)))))
            (local.set $c2b (i32x4.add (local.get $c2b) (i32x4.dot_i16x8_s (local.get $weight) (v128.load offset=32 (local.get $p2)))))
            (local.set $c3b (i32x4.add (local.get $c3b) (i32x4.dot_i16x8_s (local.get $weight) (v128.load offset=32 (local.get $p3)))))
            (local.set $w (i32.add (local.get $w) (i32.const 48)))
            (local.set $p0 (i32.add (local.get $p0) (i32.const 48)))
            (local.set $p1 (i32.add (local.get $p1) (i32.const 48)))
            (local.set $p2 (i32.add (local.get $p2) (i32.const 48)))
            (local.set $p3 (i32.add (local.get $p3) (i32.const 48)))
            (br_if $pair (local.tee $t (i32.sub (local.get $t) (i32.const 1)))))
          (local.set $p0 (local.get $b))
          (br_if $lines (local.tee $line (i32.sub (local.get $line) (i32.const 1)))))
        (v128.store offset=0 (local.get $o) (f32x4.mul (local.get $by) (f32x4.convert_i32x4_s (local.get $c0r))))
        (v128.store offset=16 (local.get $o) (f32x4.mul (local.get $by) (f32x4.convert_i32x4_s (local.get $c0g))))
        (v128.store offset=32 (local.get $o) (f32x4.mul (local.get $by) (f32x4.convert_i32x4_s (local.get $c0b))))
        (v128.store offset=48 (local.get $o) (f32x4.mul (local.get $by) (f32x4.convert_i32x4_s (local.get $c1r))))
        (v128.store offset=64 (local.get $o) (f32x4.mul (local.get $by) (f32x4.convert_i32x4_s (local.get $c1g))))
        (v128.store offset=80 (local.get $o) (f32x4.mul (local.get $by) (f32x4.convert_i32x4_s (local.get $c1b))))
        (v128.store offset=96 (local.get $o) (f32x4.mul (local.get $by) (f32x4.convert_i32x4_s (local.get $c2r))))
        (v128.store offset=112 (local.get $o) (f32x4.mul (local.get $by) (f32x4.convert_i32x4_s (local.get $c2g))))
        (v128.store offset=128 (local.get $o) (f32x4.mul (local.get $by) (f32x4.convert_i32x4_s (local.get $c2b))))
        (v128.store offset=144 (local.get $o) (f32x4.mul (local.get $by) (f32x4.convert_i32x4_s (local.get $c3r))))
        (v128.store offset=160 (local.get $o) (f32x4.mul (local.get $by) (f32x4.convert_i32x4_s (local.get $c3g))))
        (v128.store offset=176 (local.get $o) (f32x4.mul (local.get $by) (f32x4.convert_i32x4_s (local.get $c3b))))
        (local.set $o (i32.add (local.get $o) (i32.const 192)))
        (local.set $a (i32.add (local.get $a) (local.get $four)))
        (local.set $b (i32.add (local.get $b) (local.get $four)))
        (br_if $cell (i32.gt_s
          (local.tee $left (i32.sub (local.get $left) (i32.const 4))) (i32.const 0))))
      (local.set $weights (local.get $w))
      (local.set $first (i32.add (local.get $first) (local.get $blockBytes)))
      (local.set $second (i32.add (local.get $second) (local.get $blockBytes)))
      (local.set $out (i32.add (local.get $out) (local.get $sumBytes)))
      (br_if $block (local.tee $blocks (i32.sub (local.get $blocks) (i32.const 1))))))

  ;; One row of output pixels from rows of blocks, `block` bytes apart, `blocks` of them: pixel x is the sum over its two
  ;; cells, which begin `places[x][0]` and `places[x][1]` bytes into each row, of weights[x][row][cell] * block. The
  ;; colours go to three planes, `plane` bytes apart.
  (func (export "joinCells")
    (param $row i32) (param $block i32) (param $blocks i32) (param $places i32) (param $weights i32)
    (param $width i32) (param $out i32) (param $plane i32)
    (local $n i32) (local $p i32) (local $q i32)
    (local $weight v128) (local $r v128) (local $g v128) (local $b v128)
    (loop $pixel
      (local.set $p (i32.add (local.get $row) (i32.load (local.get $places))))
      (local.set $q (i32.add (local.get $row) (i32.load offset=4 (local.get $places))))
      (local.set $r (v128.const i32x4 0 0 0 0))
      (local.set $g (local.get $r))
      (local.set $b (local.get $r))
      (local.set $n (local.get $blocks))
      (loop $next
        (local.set $weight (v128.load offset=0 (local.get $weights)))
        (local.set $r (f32x4.add (local.get $r) (f32x4.mul (local.get $weight) (v128.load offset=0 (local.get $p)))))
        (local.set $g (f32x4.add (local.get $g) (f32x4.mul (local.get $weight) (v128.load offset=16 (local.get $p)))))
        (local.set $b (f32x4.add (local.get $b) (f32x4.mul (local.get $weight) (v128.load offset=32 (local.get $p)))))
        (local.set $weight (v128.load offset=16 (local.get $weights)))
        (local.set $r (f32x4.add (local.get $r) (f32x4.mul (local.get $weight) (v128.load offset=0 (local.get $q)))))
        (local.set $g (f32x4.add (local.get $g) (f32x4.mul (local.get $weight) (v128.load offset=16 (local.get $q)))))
        (local.set $b (f32x4.add (local.get $b) (f32x4.mul (local.get $weight) (v128.load offset=32 (local.get $q)))))
        (local.set $weights (i32.add (local.get $weights) (i32.const 32)))
        (local.set $p (i32.add (local.get $p) (local.get $block)))
        (local.set $q (i32.add (local.get $q) (local.get $block)))
        (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
      (local.set $places (i32.add (local.get $places) (i32.const 8)))
      ;; Red and green as r0 + r2, g0 + g2, r1 + r3, g1 + g3.
      (local.set $r (f32x4.add
        (i8x16.shuffle 0 1 2 3 16 17 18 19 4 5 6 7 20 21 22 23 (local.get $r) (local.get $g))
        (i8x16.shuffle 8 9 10 11 24 25 26 27 12 13 14 15 28 29 30 31 (local.get $r) (local.get $g))))
      (local.set $r (f32x4.add (local.get $r)
        (i8x16.shuffle 8 9 10 11 12 13 14 15 8 9 10 11 12 13 14 15 (local.get $r) (local.get $r))))
      (local.set $b (f32x4.add (local.get $b)
        (i8x16.shuffle 8 9 10 11 12 13 14 15 8 9 10 11 12 13 14 15 (local.get $b) (local.get $b))))
      (local.set $b (f32x4.add (local.get $b)
        (i8x16.shuffle 4 5 6 7 4 5 6 7 4 5 6 7 4 5 6 7 (local.get $b) (local.get $b))))
      (v128.store32_lane 0 (local.get $out) (local.get $r))
      (v128.store32_lane 1 (i32.add (local.get $out) (local.get $plane)) (local.get $r))
      (v128.store32_lane 0 (i32.add (local.get $out) (i32.shl (local.get $plane) (i32.const 1))) (local.get $b))
      (local.set $out (i32.add (local.get $out) (i32.const 4)))
      (br_if $pixel (local.tee $width (i32.sub (local.get $width) (i32.const 1))))))
)
