/// What the user shows of an object: a point or a box on a picture of a clip, in its pixels.
package struct Mark: Sendable, Equatable, Codable, Identifiable {
    /// What it is.
    package enum Kind: Sendable, Equatable, Codable {
        /// A place on the object, or one that is not.
        case point(x: Double, y: Double, isPositive: Bool)
        /// A rectangle around the object.
        case box(left: Double, top: Double, right: Double, bottom: Double)
    }

    /// A number of its own.
    package let id: Int
    /// The number of the clip's picture.
    package var frame: Int
    /// What it is.
    package var kind: Kind

    /// Puts a mark on a picture.
    package init(id: Int, frame: Int, kind: Kind) {
        (self.id, self.frame, self.kind) = (id, frame, kind)
    }

    /// The option of `8cut masks sam`.
    package var arguments: [String] {
        switch kind {
        case .point(let x, let y, let isPositive):
            ["--point", "\(Self.text(x)),\(Self.text(y))\(isPositive ? "" : ",-")@\(frame)"]
        case .box(let left, let top, let right, let bottom):
            [
                "--box",
                [left, top, right, bottom].map(Self.text).joined(separator: ",") + "@\(frame)",
            ]
        }
    }

    /// As requests to the interactive worker have it.
    var request: WorkerPrompt {
        switch kind {
        case .point(let x, let y, let isPositive):
            WorkerPrompt(point: [x, y], label: isPositive ? 1 : 0)
        case .box(let left, let top, let right, let bottom):
            WorkerPrompt(box: [left, top, right, bottom])
        }
    }

    /// The same mark, moved, and kept inside the picture.
    package func moved(by way: (x: Double, y: Double), in size: (width: Int, height: Int)) -> Mark {
        var mark = self
        let (right, bottom) = (Double(size.width), Double(size.height))
        switch kind {
        case .point(let x, let y, let isPositive):
            mark.kind = .point(
                x: Self.rounded(min(max(0, x + way.x), right - 1)),
                y: Self.rounded(min(max(0, y + way.y), bottom - 1)),
                isPositive: isPositive
            )
        case .box(let x0, let y0, let x1, let y1):
            let dx = min(max(way.x, -x0), right - x1)
            let dy = min(max(way.y, -y0), bottom - y1)
            mark.kind = .box(
                left: Self.rounded(x0 + dx),
                top: Self.rounded(y0 + dy),
                right: Self.rounded(x1 + dx),
                bottom: Self.rounded(y1 + dy)
            )
        }
        return mark
    }

    /// To a tenth of a pixel: finer, no hand points.
    static func rounded(_ value: Double) -> Double { (value * 10).rounded() / 10 }

    private static func text(_ value: Double) -> String {
        value == value.rounded() ? String(Int(value)) : String(value)
    }
}

/// A prompt on the wire to the interactive worker (docs/interactive.md).
struct WorkerPrompt: Sendable, Encodable {
    var point: [Double]?
    var label: Int?
    var box: [Double]?
}
