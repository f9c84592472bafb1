/// Where a picture lies in the room that it has, as large as it fits.
struct VideoRect {
    /// The left edge.
    let x: Double
    /// The upper edge.
    let y: Double
    /// Its size in the window's pixels.
    let width: Double
    let height: Double
    /// Its own pixels, in which marks are told.
    private let clip: (width: Int, height: Int)?

    /// - Parameters:
    ///   - size: of the picture, with square pixels.
    ///   - room: what there is.
    ///   - clip: the pixels that are stored, when it is a clip.
    init(
        of size: (width: Int, height: Int),
        in room: (width: Int, height: Int),
        clip: (width: Int, height: Int)?
    ) {
        let scale = min(
            Double(room.width) / Double(max(1, size.width)),
            Double(room.height) / Double(max(1, size.height))
        )
        width = max(1, (Double(size.width) * scale).rounded())
        height = max(1, (Double(size.height) * scale).rounded())
        x = ((Double(room.width) - width) / 2).rounded()
        y = ((Double(room.height) - height) / 2).rounded()
        self.clip = clip
    }

    /// A place of the window in pixels of the clip; nil outside.
    func pixel(_ place: (x: Double, y: Double)) -> (x: Double, y: Double)? {
        guard let clip else { return nil }
        let (across, down) = ((place.x - x) / width, (place.y - y) / height)
        guard (0..<1).contains(across), (0..<1).contains(down) else { return nil }
        return (across * Double(clip.width), down * Double(clip.height))
    }

    /// The pixel nearest to a place.
    func nearestPixel(_ place: (x: Double, y: Double)) -> (x: Double, y: Double)? {
        pixel(
            (
                min(max(place.x, x), x + width - 0.01), min(max(place.y, y), y + height - 0.01)
            )
        )
    }

    /// A place of the clip in the window.
    func place(_ pixel: (x: Double, y: Double)) -> (x: Double, y: Double) {
        guard let clip else { return pixel }
        return (
            x + pixel.x / Double(clip.width) * width, y + pixel.y / Double(clip.height) * height
        )
    }

    /// Pixels of the clip that a pixel of the window covers.
    var pixelsPerStep: Double { clip.map { Double($0.width) / width } ?? 1 }
}
