import Diagnostics

/// Turns places into pixels of a video and checks that they are inside.
struct PixelPlacement {
    let width: Int
    let height: Int

    func point(_ place: Coordinate, isPositive: Bool, _ origin: PromptOrigin) throws -> PixelPoint {
        let point = PixelPoint(
            x: place.x.pixels(of: width),
            y: place.y.pixels(of: height),
            isPositive: isPositive
        )
        let isInside = { (value: Double, side: Int) in value >= 0 && value < Double(side) }
        guard isInside(point.x, width) else {
            throw outside("x", place.x, .x, origin, "The last pixel of a row is \(width - 1).")
        }
        guard isInside(point.y, height) else {
            throw outside("y", place.y, .y, origin, "The last row is \(height - 1).")
        }
        return point
    }

    func box(_ first: Coordinate, _ last: Coordinate, _ origin: PromptOrigin) throws -> PixelBox {
        let box = PixelBox(
            x0: first.x.pixels(of: width),
            y0: first.y.pixels(of: height),
            x1: last.x.pixels(of: width),
            y1: last.y.pixels(of: height)
        )
        let sides = [
            ("x0", first.x, Axis.x), ("y0", first.y, .y), ("x1", last.x, .x), ("y1", last.y, .y),
        ]
        for (name, length, axis) in sides {
            let side = side(axis)
            let value = length.pixels(of: side)
            guard value >= 0, value <= Double(side) else {
                throw outside(name, length, axis, origin, "The whole frame is 0,0,1w,1h.")
            }
        }
        guard box.x1 > box.x0, box.y1 > box.y0 else {
            let name = box.x1 > box.x0 ? "y" : "x"
            let (from, to) = name == "x" ? (box.x0, box.x1) : (box.y0, box.y1)
            throw origin.refusal(
                "the box has no area: \(name)0 is \(plain(from)) and \(name)1 is \(plain(to))",
                remedy: "Give its left top corner first, then its right bottom corner."
            )
        }
        return box
    }

    private func side(_ axis: Axis) -> Int { axis == .x ? width : height }

    private func outside(
        _ name: String,
        _ length: Length,
        _ axis: Axis,
        _ origin: PromptOrigin,
        _ remedy: String
    ) -> EightCutError {
        let pixels = plain(length.pixels(of: side(axis)))
        let written = axis.text(of: length)
        let extent = "\(side(axis)) pixels \(axis == .x ? "wide" : "high")"
        return origin.refusal(
            "it is outside the frame: \(name) is \(written)"
                + (written == pixels ? "" : ", which is \(pixels)")
                + ", and the frame is \(extent)",
            remedy: "Pixels are counted from 0. " + remedy
        )
    }
}
