/// The small size at which frames are judged: the full size over a whole number, so that every
/// small sample stands for the same square of full-size ones.
struct WorkingSize: Sendable, Equatable {
    /// The longer side is at most this long.
    static let longestSide = 192

    /// Full-size samples along the side of a small one.
    let factor: Int
    /// Columns of the small picture; the last one may stand for fewer full-size columns.
    let width: Int
    /// Rows of the small picture.
    let height: Int

    init(frameWidth: Int, frameHeight: Int) {
        let longer = max(frameWidth, frameHeight)
        factor = max(1, (longer + Self.longestSide - 1) / Self.longestSide)
        width = (frameWidth + factor - 1) / factor
        height = (frameHeight + factor - 1) / factor
    }

    var count: Int { width * height }
}
