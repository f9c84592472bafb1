/// The sizes at which a video is analysed: small ones of the frame's shape, about the same number
/// of samples for every video.
package struct MapSize: Sendable, Equatable {
    let frameWidth: Int
    let frameHeight: Int
    /// The part of the frame that the map covers.
    package let content: ContentArea
    /// Columns of the map: what is decided about a frame.
    package let width: Int
    /// Rows of the map.
    package let height: Int

    /// Sides beyond this are not mapped any finer: of a frame that is nearly a line.
    private static let longestSide = 2048

    /// - Parameters:
    ///   - frameWidth: columns of every frame.
    ///   - frameHeight: rows of every frame.
    ///   - content: the part of the frame that is mapped; nil is all of it.
    ///   - places: about how many places a map has; fewer where a place would be less than two
    ///     pixels wide.
    package init(frameWidth: Int, frameHeight: Int, content: ContentArea? = nil, places: Int) {
        precondition(frameWidth > 0 && frameHeight > 0, "a frame has at least one sample")
        let content =
            content ?? ContentArea(left: 0, top: 0, width: frameWidth, height: frameHeight)
        let scale = (Double(places) / Double(content.width * content.height)).squareRoot()
        func side(_ length: Int) -> Int {
            let rounded = Int(Double(length) * min(scale, 0.5) + 0.5)
            return min(max(rounded, 1), Self.longestSide)
        }
        (self.frameWidth, self.frameHeight) = (frameWidth, frameHeight)
        self.content = content
        (width, height) = (side(content.width), side(content.height))
    }

    /// Places of a map.
    package var count: Int { width * height }
    /// The optical flow is searched in images of twice the map's size.
    package var flowWidth: Int { 2 * width }
    package var flowHeight: Int { 2 * height }
    /// Half the longer side in places: the unit of positions that do not depend on the size.
    package var unit: Float { Float(max(width, height)) / 2 }
}
