;; Output pixels of a separable decoder, four numbers at a time: a cell holds K vectors (row's functions are summed
;; first), each the three colours' coefficients of one function along the row and a number that is not used.
;; separable.ts explains the arithmetic; binary.ts holds this module's bytes, made by
;;   npx --yes -p wabt wat2wasm separable.wat --output=- | base64 -w 0
(module
  (memory (export "memory") 1)

  ;; One row of cells as the weighted sum of `taps` rows: out[j][v] = sum over t of weights[t][v] * row_t[j][v].
  ;; `places`: where each row begins. `vectors` are those of a cell; `cells` is a multiple of 4, and what lies behind
  ;; a row's last cell is read and given no meaning.
  (func (export "sumRows")
    (param $places i32) (param $weights i32) (param $taps i32)
    (param $vectors i32) (param $cells i32) (param $out i32)
    (local $stride i32) (local $v i32) (local $j i32) (local $t i32) (local $p i32) (local $w i32) (local $at i32)
    (local $weight v128) (local $a v128) (local $b v128) (local $c v128) (local $d v128)
    (local.set $stride (i32.shl (local.get $vectors) (i32.const 4)))
    (loop $vector
      (local.set $j (i32.const 0))
      (local.set $at (i32.shl (local.get $v) (i32.const 4)))
      (loop $four
        (local.set $a (v128.const i32x4 0 0 0 0))
        (local.set $b (local.get $a))
        (local.set $c (local.get $a))
        (local.set $d (local.get $a))
        (local.set $t (i32.const 0))
        (local.set $w (i32.add (local.get $weights) (i32.shl (local.get $v) (i32.const 4))))
        (loop $tap
          (local.set $weight (v128.load (local.get $w)))
          (local.set $p (i32.add (local.get $at)
            (i32.load (i32.add (local.get $places) (i32.shl (local.get $t) (i32.const 2))))))
          (local.set $a (f32x4.add (local.get $a) (f32x4.mul (local.get $weight) (v128.load (local.get $p)))))
          (local.set $p (i32.add (local.get $p) (local.get $stride)))
          (local.set $b (f32x4.add (local.get $b) (f32x4.mul (local.get $weight) (v128.load (local.get $p)))))
          (local.set $p (i32.add (local.get $p) (local.get $stride)))
          (local.set $c (f32x4.add (local.get $c) (f32x4.mul (local.get $weight) (v128.load (local.get $p)))))
          (local.set $p (i32.add (local.get $p) (local.get $stride)))
          (local.set $d (f32x4.add (local.get $d) (f32x4.mul (local.get $weight) (v128.load (local.get $p)))))
          (local.set $w (i32.add (local.get $w) (local.get $stride)))
          (br_if $tap (i32.lt_u
            (local.tee $t (i32.add (local.get $t) (i32.const 1))) (local.get $taps))))
        (local.set $p (i32.add (local.get $out) (local.get $at)))
        (v128.store (local.get $p) (local.get $a))
        (v128.store (local.tee $p (i32.add (local.get $p) (local.get $stride))) (local.get $b))
        (v128.store (local.tee $p (i32.add (local.get $p) (local.get $stride))) (local.get $c))
        (v128.store (local.tee $p (i32.add (local.get $p) (local.get $stride))) (local.get $d))
        (local.set $at (i32.add (local.get $at) (i32.shl (local.get $stride) (i32.const 2))))
        (br_if $four (i32.lt_u
          (local.tee $j (i32.add (local.get $j) (i32.const 4))) (local.get $cells))))
      (br_if $vector (i32.lt_u
        (local.tee $v (i32.add (local.get $v) (i32.const 1))) (local.get $vectors)))))

  ;; One row of output pixels from a row of cells: pixel x is the sum over its two cells, which begin `places[x][0]`
  ;; and `places[x][1]` bytes into the row, of weights[x][cell][v] * cell[v]. The colours go to three planes,
  ;; `plane` bytes apart.
  (func (export "joinCells")
    (param $row i32) (param $places i32) (param $weights i32)
    (param $vectors i32) (param $width i32) (param $out i32) (param $plane i32)
    (local $x i32) (local $v i32) (local $p i32) (local $q i32) (local $second i32)
    (local $a v128) (local $b v128)
    (local.set $second (i32.shl (local.get $vectors) (i32.const 2)))
    (loop $pixel
      (local.set $p (i32.add (local.get $row) (i32.load (local.get $places))))
      (local.set $q (i32.add (local.get $row) (i32.load offset=4 (local.get $places))))
      (local.set $a (v128.const i32x4 0 0 0 0))
      (local.set $b (local.get $a))
      (local.set $v (local.get $vectors))
      (loop $function
        (local.set $a (f32x4.add (local.get $a)
          (f32x4.mul (v128.load32_splat (local.get $weights)) (v128.load (local.get $p)))))
        (local.set $b (f32x4.add (local.get $b)
          (f32x4.mul (v128.load32_splat (i32.add (local.get $weights) (local.get $second))) (v128.load (local.get $q)))))
        (local.set $weights (i32.add (local.get $weights) (i32.const 4)))
        (local.set $p (i32.add (local.get $p) (i32.const 16)))
        (local.set $q (i32.add (local.get $q) (i32.const 16)))
        (br_if $function (local.tee $v (i32.sub (local.get $v) (i32.const 1)))))
      (local.set $weights (i32.add (local.get $weights) (local.get $second)))
      (local.set $places (i32.add (local.get $places) (i32.const 8)))
      (local.set $a (f32x4.add (local.get $a) (local.get $b)))
      (v128.store32_lane 0 (local.get $out) (local.get $a))
      (v128.store32_lane 1 (i32.add (local.get $out) (local.get $plane)) (local.get $a))
      (v128.store32_lane 2 (i32.add (local.get $out) (i32.shl (local.get $plane) (i32.const 1))) (local.get $a))
      (local.set $out (i32.add (local.get $out) (i32.const 4)))
      (br_if $pixel (i32.lt_u
        (local.tee $x (i32.add (local.get $x) (i32.const 1))) (local.get $width)))))
)
