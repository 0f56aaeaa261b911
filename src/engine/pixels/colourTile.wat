;; The last steps of a tile that a network made. Of luma: its colour differences are enlarged bicubically, joined with
;; the luma and rounded to 8 bits. Of colours: the photo's bicubic enlargement is added where it is less that, and they
;; are rounded. They touch every output pixel, so they run four pixels at a time.
;; colourTile.ts and baseTile.ts explain the arithmetic; colourTileBinary.ts holds this module's bytes, made by
;;   npx --yes -p wabt wat2wasm colourTile.wat --output=- | base64 -w 0
;;
;; Numbers of 0 to 255 are rounded by adding 2^23: a float of that size has no places behind the point, and its last byte is
;; the number (halves go to the even one). `pmin` and `pmax` are one instruction of the processor each; `min`, `max` and
;; `trunc_sat`, which heed what is no number, are many.
(module
  (memory (export "memory") 1)

  ;; Filters rows of `stride` bytes along themselves: output pixel x of a row is the sum of four neighbouring
  ;; samples, from byte `starts[x]` of the row on, times the four `weights` of x. `width` is a multiple of 4.
  (func (export "filterRows")
    (param $source i32) (param $stride i32) (param $rows i32)
    (param $starts i32) (param $weights i32) (param $width i32) (param $out i32)
    (local $x i32) (local $s i32) (local $w i32)
    (local $p0 v128) (local $p1 v128) (local $p2 v128) (local $p3 v128)
    (block $done
      (loop $row
        (br_if $done (i32.eqz (local.get $rows)))
        (local.set $x (i32.const 0))
        (local.set $s (local.get $starts))
        (local.set $w (local.get $weights))
        (loop $four
          (local.set $p0 (f32x4.mul (v128.load (local.get $w))
            (v128.load (i32.add (local.get $source) (i32.load (local.get $s))))))
          (local.set $p1 (f32x4.mul (v128.load offset=16 (local.get $w))
            (v128.load (i32.add (local.get $source) (i32.load offset=4 (local.get $s))))))
          (local.set $p2 (f32x4.mul (v128.load offset=32 (local.get $w))
            (v128.load (i32.add (local.get $source) (i32.load offset=8 (local.get $s))))))
          (local.set $p3 (f32x4.mul (v128.load offset=48 (local.get $w))
            (v128.load (i32.add (local.get $source) (i32.load offset=12 (local.get $s))))))
          ;; Each product's four lanes added up: even and odd lanes of two products side by side, twice.
          (local.set $p0 (f32x4.add
            (i8x16.shuffle 0 1 2 3 8 9 10 11 16 17 18 19 24 25 26 27 (local.get $p0) (local.get $p1))
            (i8x16.shuffle 4 5 6 7 12 13 14 15 20 21 22 23 28 29 30 31 (local.get $p0) (local.get $p1))))
          (local.set $p2 (f32x4.add
            (i8x16.shuffle 0 1 2 3 8 9 10 11 16 17 18 19 24 25 26 27 (local.get $p2) (local.get $p3))
            (i8x16.shuffle 4 5 6 7 12 13 14 15 20 21 22 23 28 29 30 31 (local.get $p2) (local.get $p3))))
          (v128.store (local.get $out) (f32x4.add
            (i8x16.shuffle 0 1 2 3 8 9 10 11 16 17 18 19 24 25 26 27 (local.get $p0) (local.get $p2))
            (i8x16.shuffle 4 5 6 7 12 13 14 15 20 21 22 23 28 29 30 31 (local.get $p0) (local.get $p2))))
          (local.set $out (i32.add (local.get $out) (i32.const 16)))
          (local.set $s (i32.add (local.get $s) (i32.const 16)))
          (local.set $w (i32.add (local.get $w) (i32.const 64)))
          (br_if $four (i32.lt_u
            (local.tee $x (i32.add (local.get $x) (i32.const 4))) (local.get $width))))
        (local.set $source (i32.add (local.get $source) (local.get $stride)))
        (local.set $rows (i32.sub (local.get $rows) (i32.const 1)))
        (br $row))))

  ;; One row of output. Four filtered rows of the red and of the blue difference lie `rowBytes` apart from
  ;; `reds` and `blues` on; `w0` to `w3` weigh them. red = luma * gain + red difference, blue likewise,
  ;; green = luma * gain + greenRed * red difference + greenBlue * blue difference; `offset` is added to
  ;; luma * gain. Clipped to 0 to 255 and rounded; stored as `pixelBytes` (3 or 4) bytes a
  ;; pixel, the fourth 255. Writes up to 4 bytes beyond three-byte rows.
  (func $joinRow
    (param $luma i32) (param $width i32) (param $reds i32) (param $blues i32) (param $rowBytes i32)
    (param $w0 f32) (param $w1 f32) (param $w2 f32) (param $w3 f32)
    (param $gain f32) (param $offset f32) (param $greenRed f32) (param $greenBlue f32)
    (param $out i32) (param $pixelBytes i32)
    (local $x i32) (local $row2 i32) (local $row3 i32) (local $step i32)
    (local $v0 v128) (local $v1 v128) (local $v2 v128) (local $v3 v128)
    (local $vGain v128) (local $vOffset v128) (local $vGreenRed v128) (local $vGreenBlue v128)
    (local $top v128) (local $zero v128) (local $opaque v128) (local $magic v128)
    (local $y v128) (local $red v128) (local $blue v128) (local $packed v128)

    (local.set $v0 (f32x4.splat (local.get $w0)))
    (local.set $v1 (f32x4.splat (local.get $w1)))
    (local.set $v2 (f32x4.splat (local.get $w2)))
    (local.set $v3 (f32x4.splat (local.get $w3)))
    (local.set $vGain (f32x4.splat (local.get $gain)))
    (local.set $vOffset (f32x4.splat (local.get $offset)))
    (local.set $vGreenRed (f32x4.splat (local.get $greenRed)))
    (local.set $vGreenBlue (f32x4.splat (local.get $greenBlue)))
    (local.set $top (f32x4.splat (f32.const 255)))
    (local.set $magic (f32x4.splat (f32.const 8388608)))
    (local.set $opaque (i32x4.splat (i32.const 0xff000000)))
    (local.set $row2 (i32.shl (local.get $rowBytes) (i32.const 1)))
    (local.set $row3 (i32.add (local.get $row2) (local.get $rowBytes)))
    (local.set $step (i32.shl (local.get $pixelBytes) (i32.const 2)))
    (loop $four
      (local.set $red (f32x4.add
        (f32x4.add
          (f32x4.mul (local.get $v0) (v128.load (local.get $reds)))
          (f32x4.mul (local.get $v1) (v128.load (i32.add (local.get $reds) (local.get $rowBytes)))))
        (f32x4.add
          (f32x4.mul (local.get $v2) (v128.load (i32.add (local.get $reds) (local.get $row2))))
          (f32x4.mul (local.get $v3) (v128.load (i32.add (local.get $reds) (local.get $row3)))))))
      (local.set $blue (f32x4.add
        (f32x4.add
          (f32x4.mul (local.get $v0) (v128.load (local.get $blues)))
          (f32x4.mul (local.get $v1) (v128.load (i32.add (local.get $blues) (local.get $rowBytes)))))
        (f32x4.add
          (f32x4.mul (local.get $v2) (v128.load (i32.add (local.get $blues) (local.get $row2))))
          (f32x4.mul (local.get $v3) (v128.load (i32.add (local.get $blues) (local.get $row3)))))))
      (local.set $y (f32x4.add
        (f32x4.mul (local.get $vGain) (v128.load (local.get $luma))) (local.get $vOffset)))
      ;; red | green << 8 | blue << 16, what is above the red's byte covered by the opaque one or cut off
      (local.set $packed (v128.or (v128.or (local.get $opaque) (f32x4.add (local.get $magic) (f32x4.pmin (local.get $top) (f32x4.pmax (local.get $zero) (f32x4.add (local.get $y) (local.get $red))))))
        (v128.or
          (i32x4.shl (f32x4.add (local.get $magic) (f32x4.pmin (local.get $top) (f32x4.pmax (local.get $zero) (f32x4.add (local.get $y) (f32x4.add
                (f32x4.mul (local.get $vGreenRed) (local.get $red))
                (f32x4.mul (local.get $vGreenBlue) (local.get $blue))))))) (i32.const 8))
          (i32x4.shl (f32x4.add (local.get $magic) (f32x4.pmin (local.get $top) (f32x4.pmax (local.get $zero) (f32x4.add (local.get $y) (local.get $blue))))) (i32.const 16)))))
      (v128.store (local.get $out)
        (if (result v128) (i32.eq (local.get $pixelBytes) (i32.const 4))
          (then (local.get $packed))
          (else (i8x16.shuffle 0 1 2 4 5 6 8 9 10 12 13 14 3 3 3 3
            (local.get $packed) (local.get $packed)))))
      (local.set $luma (i32.add (local.get $luma) (i32.const 16)))
      (local.set $reds (i32.add (local.get $reds) (i32.const 16)))
      (local.set $blues (i32.add (local.get $blues) (i32.const 16)))
      (local.set $out (i32.add (local.get $out) (local.get $step)))
      (br_if $four (i32.lt_u
        (local.tee $x (i32.add (local.get $x) (i32.const 4))) (local.get $width)))))

  ;; `height` rows of output as `joinRow` makes one, from rows of luma `lumaBytes` apart; row y takes the filtered rows from
  ;; byte `starts[y]` on, weighed by the four `weights` of y.
  (func (export "joinRows")
    (param $luma i32) (param $lumaBytes i32) (param $width i32) (param $height i32)
    (param $reds i32) (param $blues i32) (param $rowBytes i32) (param $starts i32) (param $weights i32)
    (param $gain f32) (param $offset f32) (param $greenRed f32) (param $greenBlue f32)
    (param $out i32) (param $pixelBytes i32)
    (local $outBytes i32)
    (local.set $outBytes (i32.mul (local.get $width) (local.get $pixelBytes)))
    (block $done
      (loop $row
        (br_if $done (i32.eqz (local.get $height)))
        (call $joinRow
          (local.get $luma) (local.get $width)
          (i32.add (local.get $reds) (i32.load (local.get $starts)))
          (i32.add (local.get $blues) (i32.load (local.get $starts)))
          (local.get $rowBytes)
          (f32.load (local.get $weights)) (f32.load offset=4 (local.get $weights))
          (f32.load offset=8 (local.get $weights)) (f32.load offset=12 (local.get $weights))
          (local.get $gain) (local.get $offset) (local.get $greenRed) (local.get $greenBlue)
          (local.get $out) (local.get $pixelBytes))
        (local.set $luma (i32.add (local.get $luma) (local.get $lumaBytes)))
        (local.set $starts (i32.add (local.get $starts) (i32.const 4)))
        (local.set $weights (i32.add (local.get $weights) (i32.const 16)))
        (local.set $out (i32.add (local.get $out) (local.get $outBytes)))
        (local.set $height (i32.sub (local.get $height) (i32.const 1)))
        (br $row))))

  ;; What red and blue differ from the grey of their luma, in steps of 8 bits, of `rows` times `columns` pixels: those at the
  ;; bytes `rowStarts[y]` + `columnStarts[x]` of each of three planes, `plane` bytes apart. `r`, `g` and `b` weigh the grey.
  (func (export "differences")
    (param $planes i32) (param $plane i32) (param $rowStarts i32) (param $rows i32)
    (param $columnStarts i32) (param $columns i32) (param $r f64) (param $g f64) (param $b f64)
    (param $reds i32) (param $blues i32)
    (local $row i32) (local $x i32) (local $at i32) (local $red f64) (local $blue f64) (local $grey f64)
    (block $done
      (loop $rowLoop
        (br_if $done (i32.eqz (local.get $rows)))
        (local.set $row (i32.add (local.get $planes) (i32.load (local.get $rowStarts))))
        (local.set $x (i32.const 0))
        (loop $column
          (local.set $at (i32.add (local.get $row)
            (i32.load (i32.add (local.get $columnStarts) (i32.shl (local.get $x) (i32.const 2))))))
          (local.set $red (f64.promote_f32 (f32.load (local.get $at))))
          (local.set $at (i32.add (local.get $at) (local.get $plane)))
          (local.set $grey (f64.add
            (f64.mul (local.get $r) (local.get $red))
            (f64.mul (local.get $g) (f64.promote_f32 (f32.load (local.get $at))))))
          (local.set $at (i32.add (local.get $at) (local.get $plane)))
          (local.set $blue (f64.promote_f32 (f32.load (local.get $at))))
          (local.set $grey (f64.add (local.get $grey) (f64.mul (local.get $b) (local.get $blue))))
          (f32.store (local.get $reds) (f32.demote_f64
            (f64.mul (f64.const 255) (f64.sub (local.get $red) (local.get $grey)))))
          (f32.store (local.get $blues) (f32.demote_f64
            (f64.mul (f64.const 255) (f64.sub (local.get $blue) (local.get $grey)))))
          (local.set $reds (i32.add (local.get $reds) (i32.const 4)))
          (local.set $blues (i32.add (local.get $blues) (i32.const 4)))
          (br_if $column (i32.lt_u
            (local.tee $x (i32.add (local.get $x) (i32.const 1))) (local.get $columns))))
        (local.set $rowStarts (i32.add (local.get $rowStarts) (i32.const 4)))
        (local.set $rows (i32.sub (local.get $rows) (i32.const 1)))
        (br $rowLoop))))

  ;; One row of output: 255 * the three planes of `pixels`, `plane` bytes apart, and of the base's, `basePlane` bytes
  ;; apart, four rows, `rowBytes` apart, weighed. Clipped, rounded and stored as in joinRow.
  (func (export "joinColours")
    (param $pixels i32) (param $plane i32) (param $width i32)
    (param $base i32) (param $basePlane i32) (param $rowBytes i32)
    (param $w0 f32) (param $w1 f32) (param $w2 f32) (param $w3 f32)
    (param $out i32) (param $pixelBytes i32)
    (local $x i32) (local $step i32) (local $row2 i32) (local $row3 i32)
    (local $pixels1 i32) (local $pixels2 i32) (local $base1 i32) (local $base2 i32)
    (local $v0 v128) (local $v1 v128) (local $v2 v128) (local $v3 v128)
    (local $top v128) (local $zero v128) (local $opaque v128) (local $magic v128) (local $packed v128)
    (local.set $v0 (f32x4.splat (local.get $w0)))
    (local.set $v1 (f32x4.splat (local.get $w1)))
    (local.set $v2 (f32x4.splat (local.get $w2)))
    (local.set $v3 (f32x4.splat (local.get $w3)))
    (local.set $top (f32x4.splat (f32.const 255)))
    (local.set $magic (f32x4.splat (f32.const 8388608)))
    (local.set $opaque (i32x4.splat (i32.const 0xff000000)))
    (local.set $row2 (i32.shl (local.get $rowBytes) (i32.const 1)))
    (local.set $row3 (i32.add (local.get $row2) (local.get $rowBytes)))
    (local.set $pixels1 (i32.add (local.get $pixels) (local.get $plane)))
    (local.set $pixels2 (i32.add (local.get $pixels1) (local.get $plane)))
    (local.set $base1 (i32.add (local.get $base) (local.get $basePlane)))
    (local.set $base2 (i32.add (local.get $base1) (local.get $basePlane)))
    (local.set $step (i32.shl (local.get $pixelBytes) (i32.const 2)))
    (loop $four
      ;; red | green << 8 | blue << 16, what is above the red's byte covered by the opaque one or cut off
      (local.set $packed (v128.or (v128.or (local.get $opaque) (f32x4.add (local.get $magic) (f32x4.pmin (local.get $top) (f32x4.pmax (local.get $zero) (f32x4.add
          (f32x4.mul (local.get $top) (v128.load (local.get $pixels)))
          (f32x4.add
            (f32x4.add
              (f32x4.mul (local.get $v0) (v128.load (local.get $base)))
              (f32x4.mul (local.get $v1) (v128.load (i32.add (local.get $base) (local.get $rowBytes)))))
            (f32x4.add
              (f32x4.mul (local.get $v2) (v128.load (i32.add (local.get $base) (local.get $row2))))
              (f32x4.mul (local.get $v3) (v128.load (i32.add (local.get $base) (local.get $row3)))))))))))
        (v128.or
          (i32x4.shl (f32x4.add (local.get $magic) (f32x4.pmin (local.get $top) (f32x4.pmax (local.get $zero) (f32x4.add
          (f32x4.mul (local.get $top) (v128.load (local.get $pixels1)))
          (f32x4.add
            (f32x4.add
              (f32x4.mul (local.get $v0) (v128.load (local.get $base1)))
              (f32x4.mul (local.get $v1) (v128.load (i32.add (local.get $base1) (local.get $rowBytes)))))
            (f32x4.add
              (f32x4.mul (local.get $v2) (v128.load (i32.add (local.get $base1) (local.get $row2))))
              (f32x4.mul (local.get $v3) (v128.load (i32.add (local.get $base1) (local.get $row3)))))))))) (i32.const 8))
          (i32x4.shl (f32x4.add (local.get $magic) (f32x4.pmin (local.get $top) (f32x4.pmax (local.get $zero) (f32x4.add
          (f32x4.mul (local.get $top) (v128.load (local.get $pixels2)))
          (f32x4.add
            (f32x4.add
              (f32x4.mul (local.get $v0) (v128.load (local.get $base2)))
              (f32x4.mul (local.get $v1) (v128.load (i32.add (local.get $base2) (local.get $rowBytes)))))
            (f32x4.add
              (f32x4.mul (local.get $v2) (v128.load (i32.add (local.get $base2) (local.get $row2))))
              (f32x4.mul (local.get $v3) (v128.load (i32.add (local.get $base2) (local.get $row3)))))))))) (i32.const 16)))))
      (v128.store (local.get $out)
        (if (result v128) (i32.eq (local.get $pixelBytes) (i32.const 4))
          (then (local.get $packed))
          (else (i8x16.shuffle 0 1 2 4 5 6 8 9 10 12 13 14 3 3 3 3
            (local.get $packed) (local.get $packed)))))
      (local.set $pixels (i32.add (local.get $pixels) (i32.const 16)))
      (local.set $pixels1 (i32.add (local.get $pixels1) (i32.const 16)))
      (local.set $pixels2 (i32.add (local.get $pixels2) (i32.const 16)))
      (local.set $base (i32.add (local.get $base) (i32.const 16)))
      (local.set $base1 (i32.add (local.get $base1) (i32.const 16)))
      (local.set $base2 (i32.add (local.get $base2) (i32.const 16)))
      (local.set $out (i32.add (local.get $out) (local.get $step)))
      (br_if $four (i32.lt_u
        (local.tee $x (i32.add (local.get $x) (i32.const 4))) (local.get $width))))))
