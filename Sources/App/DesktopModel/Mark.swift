import Diagnostics
import InteractiveProtocol

/// A point or a box on a frame of a clip, in its pixels, that shows SAM 2 the object.
package struct Mark: Sendable, Equatable, Codable, Identifiable {
    package enum Kind: Sendable, Equatable, Codable {
        /// A place on the object, or one that does not belong to it.
        case point(x: Double, y: Double, isPositive: Bool)
        /// A rectangle around the object.
        case box(left: Double, top: Double, right: Double, bottom: Double)
    }

    package let id: Int
    /// Number of the clip's frame.
    package var frame: Int
    package var kind: Kind

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

    /// The same for the interactive worker.
    var prompt: WorkerPrompt {
        switch kind {
        case .point(let x, let y, let isPositive): .point(x: x, y: y, isPositive: isPositive)
        case .box(let left, let top, let right, let bottom):
            .box(left: left, top: top, right: right, bottom: bottom)
        }
    }

    /// The same mark, moved, and kept inside the frame.
    package func moved(by offset: (x: Double, y: Double), in size: (width: Int, height: Int))
        -> Mark
    {
        var mark = self
        let (right, bottom) = (Double(size.width), Double(size.height))
        switch kind {
        case .point(let x, let y, let isPositive):
            mark.kind = .point(
                x: Self.rounded(min(max(0, x + offset.x), right - 1)),
                y: Self.rounded(min(max(0, y + offset.y), bottom - 1)),
                isPositive: isPositive
            )
        case .box(let x0, let y0, let x1, let y1):
            let dx = min(max(offset.x, -x0), right - x1)
            let dy = min(max(offset.y, -y0), bottom - y1)
            mark.kind = .box(
                left: Self.rounded(x0 + dx),
                top: Self.rounded(y0 + dy),
                right: Self.rounded(x1 + dx),
                bottom: Self.rounded(y1 + dy)
            )
        }
        return mark
    }

    /// To a tenth of a pixel: nobody points more precisely.
    static func rounded(_ value: Double) -> Double { (value * 10).rounded() / 10 }

    private static func text(_ value: Double) -> String {
        value == value.rounded()
            ? String(Int(bounded(value, Limits.pixels)))
            : String(value)
    }
}
