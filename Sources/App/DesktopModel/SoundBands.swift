import ScanStore

/// Where there is speech and where music, for the rows of audio of a video.
package struct SoundBands: Sendable, Equatable {
    /// 1 for each row with speech, else 0; nil where it was not looked for.
    package var speech: [Float]?
    /// The same for music.
    package var music: [Float]?

    /// Rows from this share on are drawn.
    package static let least: Float = 0.5

    package init(speech: [Float]? = nil, music: [Float]? = nil) {
        (self.speech, self.music) = (speech, music)
    }

    /// What networks have said of a video.
    package init(_ content: VideoContent) {
        func shares(_ rows: [Bool]?) -> [Float]? { rows?.map { $0 ? 1 : 0 } }
        self.init(speech: shares(content.rowsWithSpeech), music: shares(content.rowsWithMusic))
    }

    /// The parts of a range that have enough of it.
    ///
    /// - Parameters:
    ///   - shares: of rows.
    ///   - rows: the range.
    /// - Returns: ranges of rows, ascending and apart.
    package static func parts(of shares: [Float], in rows: Range<Int>) -> [Range<Int>] {
        var parts: [Range<Int>] = []
        for row in rows.clamped(to: shares.indices) where shares[row] >= least {
            if let last = parts.last, last.upperBound == row {
                parts[parts.count - 1] = last.lowerBound..<row + 1
            } else {
                parts.append(row..<row + 1)
            }
        }
        return parts
    }
}
