import Imaging

/// The part of a frame that shows the content: what black bars leave, in pixels.
package struct ContentArea: Sendable, Equatable {
    package let left: Int
    package let top: Int
    package let width: Int
    package let height: Int

    package init(left: Int, top: Int, width: Int, height: Int) {
        (self.left, self.top, self.width, self.height) = (left, top, width, height)
    }

    /// The same part of a plane, whose samples may be coarser than pixels.
    func scaled(to layout: PlaneLayout, of size: MapSize) -> ContentArea {
        func part(_ start: Int, _ length: Int, _ full: Int, _ samples: Int) -> (Int, Int) {
            let first = min(start * samples / full, samples - 1)
            let end = min(max((start + length) * samples / full, first + 1), samples)
            return (first, end - first)
        }
        let (left, width) = part(self.left, self.width, size.frameWidth, layout.width)
        let (top, height) = part(self.top, self.height, size.frameHeight, layout.height)
        return ContentArea(left: left, top: top, width: width, height: height)
    }
}
