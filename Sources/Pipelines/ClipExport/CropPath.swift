/// Where a crop of constant size is on each frame of a clip: it follows something that moves.
package struct CropPath: Sendable, Equatable, Codable {
    /// The left edges in pixels of the upright source, even, one for each frame of the clip.
    package let columns: [Int]
    /// The top edges.
    package let rows: [Int]

    /// ffmpeg gets the path as an expression, on a command line that has its limits: three minutes
    /// at 25 fps.
    package static let mostFrames = 4500

    /// - Parameters:
    ///   - columns: the left edges, at least one.
    ///   - rows: the top edges, as many.
    package init(columns: [Int], rows: [Int]) {
        (self.columns, self.rows) = (columns, rows)
    }

    /// How many frames it is for.
    package var count: Int { min(columns.count, rows.count) }

    private func moved(byColumns columns: Int, rows: Int) -> CropPath {
        CropPath(columns: self.columns.map { $0 + columns }, rows: self.rows.map { $0 + rows })
    }

    /// The path of another part that moves along, by its place on the first frame.
    package func beginning(atColumn column: Int, row: Int) -> CropPath {
        moved(byColumns: column - (columns.first ?? 0), rows: row - (rows.first ?? 0))
    }

    /// The path on other frames: for each of those the number of one that this path has.
    package func taken(at frames: [Int]) -> CropPath {
        let last = count - 1
        return CropPath(
            columns: frames.map { columns[min($0, last)] },
            rows: frames.map { rows[min($0, last)] }
        )
    }

    /// ffmpeg's crop filter, whose frames are counted from the clip's first one.
    func filter(_ size: FrameSize) -> String {
        "crop=\(size.width):\(size.height):x='\(Self.expression(columns))'"
            + ":y='\(Self.expression(rows))'"
    }

    /// The sum of the steps that were made up to frame n. In groups, because a sum is nested as
    /// deeply as it is long.
    private static func expression(_ places: [Int]) -> String {
        let steps = zip(1..., zip(places, places.dropFirst())).compactMap { number, pair in
            pair.0 == pair.1 ? nil : "\(pair.1 - pair.0)*gte(n,\(number))"
        }
        let groups = stride(from: 0, to: steps.count, by: 64).map { start in
            "(" + steps[start..<min(start + 64, steps.count)].joined(separator: "+") + ")"
        }
        return (["\(places.first ?? 0)"] + groups).joined(separator: "+")
    }
}
