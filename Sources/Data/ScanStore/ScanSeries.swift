import Files

/// What a network says of a video, a byte for each row of audio or each frame. It is kept beside the
/// blocks of the scan, one file for each.
package enum ScanSeries: String, Sendable, CaseIterable {
    /// The probability of speech in each row of audio, 0…255: of Silero VAD.
    case speech
    /// The probability of music or singing in each row of audio, 0…255: of FireRedVAD.
    case music
    /// The probability of a cut after each frame, 0…254, and 255 where it is not known: of TransNetV2.
    case cuts
    /// The same of each frame as part of a change.
    case transitions

    private static let magic = Array("8cutseries1\n".utf8)
    /// Most bytes of a file: three days at 60 fps.
    static let byteLimit = 1 << 24

    /// The content of the file.
    static func bytes(of values: [UInt8]) -> [UInt8] {
        magic + Array(ScanBlock.digest(values[...]).utf8) + values
    }

    /// Reads a file.
    ///
    /// - Returns: nil when it is damaged, or there is another number of values.
    static func values(_ bytes: [UInt8], count: Int) -> [UInt8]? {
        let head = magic.count + ScanBlock.digestLength
        guard bytes.count == head + count, bytes.starts(with: magic),
            bytes[magic.count..<head].elementsEqual(ScanBlock.digest(bytes[head...]).utf8)
        else { return nil }
        return Array(bytes[head...])
    }
}

/// What networks have said of a video so far; nil where they were not asked.
package struct VideoContent: Sendable, Equatable {
    /// For each row of audio, 0…255.
    package var speech: [UInt8]?
    package var music: [UInt8]?
    /// For each frame, 0…254, and 255 where it is not known.
    package var cuts: [UInt8]?
    package var transitions: [UInt8]?

    package init() {}

    /// Rows with speech: what lasts less than 0.25 s is none, and pauses of 0.1 s belong to it, as to Silero
    /// VAD (`threshold`, `min_speech_duration_ms`, `min_silence_duration_ms`). Nil where it is not known.
    package var rowsWithSpeech: [Bool]? {
        speech.map { Self.rows($0, from: 0.5, shortest: 3, longestPause: 1) }
    }

    /// Rows with music: birds, bells and speech over crickets are taken for music now and then, but seldom
    /// with this certainty for 3 s. Nil where it is not known.
    package var rowsWithMusic: [Bool]? {
        music.map { Self.rows($0, from: 0.7, shortest: 30, longestPause: 5) }
    }

    private static func rows(
        _ values: [UInt8],
        from probability: Double,
        shortest: Int,
        longestPause: Int
    ) -> [Bool] {
        let threshold = UInt8((255 * probability).rounded(.up))
        var runs: [Range<Int>] = []
        for row in values.indices where values[row] >= threshold {
            if let last = runs.last, row - last.upperBound <= longestPause {
                runs[runs.count - 1] = last.lowerBound..<row + 1
            } else {
                runs.append(row..<row + 1)
            }
        }
        var rows = [Bool](repeating: false, count: values.count)
        for run in runs where run.count >= shortest {
            for row in run { rows[row] = true }
        }
        return rows
    }

    /// - Returns: the values of a series.
    package subscript(series: ScanSeries) -> [UInt8]? {
        get {
            switch series {
            case .speech: speech
            case .music: music
            case .cuts: cuts
            case .transitions: transitions
            }
        }
        set {
            switch series {
            case .speech: speech = newValue
            case .music: music = newValue
            case .cuts: cuts = newValue
            case .transitions: transitions = newValue
            }
        }
    }
}
