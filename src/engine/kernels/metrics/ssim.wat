;; The windows of SSIM (ssim.ts says which): the weighted means of a, b, aa + bb and ab along a row, and down eleven such
;; rows, two positions at a time in numbers of 64 bits. Every pixel goes through both, at five scales for MS-SSIM.
;; ssimKernel.ts has the layout of the memory; ssimBinary.ts holds this module's bytes, made by
;;   npx --yes -p wabt wat2wasm ssim.wat --output=- | base64 -w 0
(module
  (memory (export "memory") 1)

  ;; Samples of two rows (32 bits, `count` of them, 2 or more; one behind an odd last one is read) as four rows of
  ;; 64 bits, `stride` bytes apart: a, b, aa + bb, ab.
  (func (export "products") (param $a i32) (param $b i32) (param $count i32) (param $out i32) (param $stride i32)
    (local $end i32) (local $va v128) (local $vb v128)
    (local.set $end (i32.add (local.get $a) (i32.shl (local.get $count) (i32.const 2))))
    (loop $two
      (local.set $va (f64x2.promote_low_f32x4 (v128.load64_zero (local.get $a))))
      (local.set $vb (f64x2.promote_low_f32x4 (v128.load64_zero (local.get $b))))
      (v128.store (local.get $out) (local.get $va))
      (v128.store (i32.add (local.get $out) (local.get $stride)) (local.get $vb))
      (v128.store (i32.add (local.get $out) (i32.shl (local.get $stride) (i32.const 1)))
        (f64x2.add (f64x2.mul (local.get $va) (local.get $va)) (f64x2.mul (local.get $vb) (local.get $vb))))
      (v128.store
        (i32.add (local.get $out) (i32.add (local.get $stride) (i32.shl (local.get $stride) (i32.const 1))))
        (f64x2.mul (local.get $va) (local.get $vb)))
      (local.set $out (i32.add (local.get $out) (i32.const 16)))
      (local.set $b (i32.add (local.get $b) (i32.const 8)))
      (br_if $two (i32.lt_u (local.tee $a (i32.add (local.get $a) (i32.const 8))) (local.get $end)))))

  ;; Of one of the four rows: the means over eleven samples from each of `count` positions on, by the six `weights` of a
  ;; symmetric window. Of two positions 16 bytes are stored, 64 bytes from one pair to the next; of an odd last one 8.
  (func (export "along") (param $from i32) (param $weights i32) (param $count i32) (param $out i32)
    (local $mean v128)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128) (local $e v128) (local $f v128)
    (local.set $a (v128.load64_splat offset=0 (local.get $weights)))
    (local.set $b (v128.load64_splat offset=8 (local.get $weights)))
    (local.set $c (v128.load64_splat offset=16 (local.get $weights)))
    (local.set $d (v128.load64_splat offset=24 (local.get $weights)))
    (local.set $e (v128.load64_splat offset=32 (local.get $weights)))
    (local.set $f (v128.load64_splat offset=40 (local.get $weights)))
    (block $done
      (loop $two
        (local.set $mean
          (f64x2.add (f64x2.add (f64x2.add (f64x2.add (f64x2.add
            (f64x2.mul (local.get $a) (f64x2.add (v128.load (local.get $from)) (v128.load offset=80 (local.get $from))))
            (f64x2.mul (local.get $b) (f64x2.add (v128.load offset=8 (local.get $from)) (v128.load offset=72 (local.get $from)))))
            (f64x2.mul (local.get $c) (f64x2.add (v128.load offset=16 (local.get $from)) (v128.load offset=64 (local.get $from)))))
            (f64x2.mul (local.get $d) (f64x2.add (v128.load offset=24 (local.get $from)) (v128.load offset=56 (local.get $from)))))
            (f64x2.mul (local.get $e) (f64x2.add (v128.load offset=32 (local.get $from)) (v128.load offset=48 (local.get $from)))))
            (f64x2.mul (local.get $f) (v128.load offset=40 (local.get $from)))))
        (if (i32.eq (local.get $count) (i32.const 1))
          (then
            (v128.store64_lane 0 (local.get $out) (local.get $mean))
            (br $done)))
        (v128.store (local.get $out) (local.get $mean))
        (local.set $out (i32.add (local.get $out) (i32.const 64)))
        (local.set $from (i32.add (local.get $from) (i32.const 16)))
        (br_if $two (local.tee $count (i32.sub (local.get $count) (i32.const 2)))))))

  ;; Down eleven rows of `along`, which begin where the addresses at `rows` say, `pairs` of them: the sums over all
  ;; positions of contrast and of similarity, with the constants `c1` and `c2`, added to the four numbers at `sums`.
  (func (export "down") (param $rows i32) (param $weights i32) (param $pairs i32) (param $sums i32)
    (param $c1 f64) (param $c2 f64)
    (local $at i32) (local $end i32)
    (local $ma v128) (local $mb v128) (local $squares v128) (local $product v128) (local $term v128)
    (local $one v128) (local $two v128) (local $contrast v128) (local $similarity v128)
    (local $a v128) (local $b v128) (local $c v128) (local $d v128) (local $e v128) (local $f v128)
    (local $r0 i32) (local $r1 i32) (local $r2 i32) (local $r3 i32) (local $r4 i32) (local $r5 i32)
    (local $r6 i32) (local $r7 i32) (local $r8 i32) (local $r9 i32) (local $r10 i32)
    (local.set $a (v128.load64_splat offset=0 (local.get $weights)))
    (local.set $b (v128.load64_splat offset=8 (local.get $weights)))
    (local.set $c (v128.load64_splat offset=16 (local.get $weights)))
    (local.set $d (v128.load64_splat offset=24 (local.get $weights)))
    (local.set $e (v128.load64_splat offset=32 (local.get $weights)))
    (local.set $f (v128.load64_splat offset=40 (local.get $weights)))
    (local.set $r0 (i32.load offset=0 (local.get $rows)))
    (local.set $r1 (i32.load offset=4 (local.get $rows)))
    (local.set $r2 (i32.load offset=8 (local.get $rows)))
    (local.set $r3 (i32.load offset=12 (local.get $rows)))
    (local.set $r4 (i32.load offset=16 (local.get $rows)))
    (local.set $r5 (i32.load offset=20 (local.get $rows)))
    (local.set $r6 (i32.load offset=24 (local.get $rows)))
    (local.set $r7 (i32.load offset=28 (local.get $rows)))
    (local.set $r8 (i32.load offset=32 (local.get $rows)))
    (local.set $r9 (i32.load offset=36 (local.get $rows)))
    (local.set $r10 (i32.load offset=40 (local.get $rows)))
    (local.set $one (f64x2.splat (local.get $c1)))
    (local.set $two (f64x2.splat (local.get $c2)))
    (local.set $contrast (v128.load (local.get $sums)))
    (local.set $similarity (v128.load offset=16 (local.get $sums)))
    (local.set $end (i32.shl (local.get $pairs) (i32.const 6)))
    (loop $pair
      (local.set $ma
        (f64x2.add (f64x2.add (f64x2.add (f64x2.add (f64x2.add
          (f64x2.mul (local.get $a) (f64x2.add (v128.load (i32.add (local.get $r0) (local.get $at))) (v128.load (i32.add (local.get $r10) (local.get $at)))))
          (f64x2.mul (local.get $b) (f64x2.add (v128.load (i32.add (local.get $r1) (local.get $at))) (v128.load (i32.add (local.get $r9) (local.get $at))))))
          (f64x2.mul (local.get $c) (f64x2.add (v128.load (i32.add (local.get $r2) (local.get $at))) (v128.load (i32.add (local.get $r8) (local.get $at))))))
          (f64x2.mul (local.get $d) (f64x2.add (v128.load (i32.add (local.get $r3) (local.get $at))) (v128.load (i32.add (local.get $r7) (local.get $at))))))
          (f64x2.mul (local.get $e) (f64x2.add (v128.load (i32.add (local.get $r4) (local.get $at))) (v128.load (i32.add (local.get $r6) (local.get $at))))))
          (f64x2.mul (local.get $f) (v128.load (i32.add (local.get $r5) (local.get $at))))))
      (local.set $mb
        (f64x2.add (f64x2.add (f64x2.add (f64x2.add (f64x2.add
          (f64x2.mul (local.get $a) (f64x2.add (v128.load offset=16 (i32.add (local.get $r0) (local.get $at))) (v128.load offset=16 (i32.add (local.get $r10) (local.get $at)))))
          (f64x2.mul (local.get $b) (f64x2.add (v128.load offset=16 (i32.add (local.get $r1) (local.get $at))) (v128.load offset=16 (i32.add (local.get $r9) (local.get $at))))))
          (f64x2.mul (local.get $c) (f64x2.add (v128.load offset=16 (i32.add (local.get $r2) (local.get $at))) (v128.load offset=16 (i32.add (local.get $r8) (local.get $at))))))
          (f64x2.mul (local.get $d) (f64x2.add (v128.load offset=16 (i32.add (local.get $r3) (local.get $at))) (v128.load offset=16 (i32.add (local.get $r7) (local.get $at))))))
          (f64x2.mul (local.get $e) (f64x2.add (v128.load offset=16 (i32.add (local.get $r4) (local.get $at))) (v128.load offset=16 (i32.add (local.get $r6) (local.get $at))))))
          (f64x2.mul (local.get $f) (v128.load offset=16 (i32.add (local.get $r5) (local.get $at))))))
      (local.set $squares
        (f64x2.add (f64x2.add (f64x2.add (f64x2.add (f64x2.add
          (f64x2.mul (local.get $a) (f64x2.add (v128.load offset=32 (i32.add (local.get $r0) (local.get $at))) (v128.load offset=32 (i32.add (local.get $r10) (local.get $at)))))
          (f64x2.mul (local.get $b) (f64x2.add (v128.load offset=32 (i32.add (local.get $r1) (local.get $at))) (v128.load offset=32 (i32.add (local.get $r9) (local.get $at))))))
          (f64x2.mul (local.get $c) (f64x2.add (v128.load offset=32 (i32.add (local.get $r2) (local.get $at))) (v128.load offset=32 (i32.add (local.get $r8) (local.get $at))))))
          (f64x2.mul (local.get $d) (f64x2.add (v128.load offset=32 (i32.add (local.get $r3) (local.get $at))) (v128.load offset=32 (i32.add (local.get $r7) (local.get $at))))))
          (f64x2.mul (local.get $e) (f64x2.add (v128.load offset=32 (i32.add (local.get $r4) (local.get $at))) (v128.load offset=32 (i32.add (local.get $r6) (local.get $at))))))
          (f64x2.mul (local.get $f) (v128.load offset=32 (i32.add (local.get $r5) (local.get $at))))))
      (local.set $product
        (f64x2.add (f64x2.add (f64x2.add (f64x2.add (f64x2.add
          (f64x2.mul (local.get $a) (f64x2.add (v128.load offset=48 (i32.add (local.get $r0) (local.get $at))) (v128.load offset=48 (i32.add (local.get $r10) (local.get $at)))))
          (f64x2.mul (local.get $b) (f64x2.add (v128.load offset=48 (i32.add (local.get $r1) (local.get $at))) (v128.load offset=48 (i32.add (local.get $r9) (local.get $at))))))
          (f64x2.mul (local.get $c) (f64x2.add (v128.load offset=48 (i32.add (local.get $r2) (local.get $at))) (v128.load offset=48 (i32.add (local.get $r8) (local.get $at))))))
          (f64x2.mul (local.get $d) (f64x2.add (v128.load offset=48 (i32.add (local.get $r3) (local.get $at))) (v128.load offset=48 (i32.add (local.get $r7) (local.get $at))))))
          (f64x2.mul (local.get $e) (f64x2.add (v128.load offset=48 (i32.add (local.get $r4) (local.get $at))) (v128.load offset=48 (i32.add (local.get $r6) (local.get $at))))))
          (f64x2.mul (local.get $f) (v128.load offset=48 (i32.add (local.get $r5) (local.get $at))))))
      ;; The means of squares and products become twice the covariance and the sum of variances, each plus c2.
      (local.set $product (f64x2.sub (local.get $product) (f64x2.mul (local.get $ma) (local.get $mb))))
      (local.set $product (f64x2.add (f64x2.add (local.get $product) (local.get $product)) (local.get $two)))
      (local.set $term (f64x2.add (f64x2.mul (local.get $ma) (local.get $ma))
        (f64x2.mul (local.get $mb) (local.get $mb))))
      (local.set $squares (f64x2.add (f64x2.sub (local.get $squares) (local.get $term)) (local.get $two)))
      (local.set $product (f64x2.div (local.get $product) (local.get $squares)))
      (local.set $contrast (f64x2.add (local.get $contrast) (local.get $product)))
      (local.set $ma (f64x2.mul (local.get $ma) (local.get $mb)))
      (local.set $similarity (f64x2.add (local.get $similarity)
        (f64x2.div
          (f64x2.mul (local.get $product)
            (f64x2.add (f64x2.add (local.get $ma) (local.get $ma)) (local.get $one)))
          (f64x2.add (local.get $term) (local.get $one)))))
      (br_if $pair (i32.lt_u
        (local.tee $at (i32.add (local.get $at) (i32.const 64))) (local.get $end))))
    (v128.store (local.get $sums) (local.get $contrast))
    (v128.store offset=16 (local.get $sums) (local.get $similarity))))
