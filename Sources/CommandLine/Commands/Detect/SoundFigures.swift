import SoundMotion

/// How an object moves with the audio, as `8cut detect --sound` prints it.
struct SoundFigures: Encodable, Sendable {
    /// Whether it is the object that moves with the audio.
    enum Decision: String, Encodable {
        case yes, no, unsure
    }

    /// Nil where there is nothing to compare.
    let correlation: Double?
    /// In frames: how much later the audio is.
    let lag: Int?
    let p: Double?
    let sounds: Decision

    /// The names of the figures, in the order of `cells`.
    static let titles = ["correlation", "lag", "p", "sounds"]

    /// The figures of each object.
    static func of(_ comparison: SoundComparison) -> [SoundFigures] {
        comparison.matches.indices.map { SoundFigures(comparison, $0) }
    }

    private init(_ comparison: SoundComparison, _ index: Int) {
        let digits = { (value: Double) in (value * 10_000).rounded() / 10_000 }
        let match = comparison.matches[index]
        correlation = (match?.correlation).map(digits)
        lag = match?.lag
        p = (match?.p).map(digits)
        sounds = comparison.best.map { $0 == index ? .yes : .no } ?? .unsure
    }

    /// The figures in a table.
    var cells: [String] {
        [
            correlation.map { "\($0)" } ?? "-", lag.map { "\($0)" } ?? "-",
            p.map { "\($0)" } ?? "-", sounds.rawValue,
        ]
    }
}

/// Something that is printed with its figures, as one JSON object.
struct WithSound<Item: Sendable>: Sendable {
    let item: Item
    let sound: SoundFigures?
}

extension WithSound: Encodable where Item: Encodable {
    func encode(to encoder: any Encoder) throws {
        try item.encode(to: encoder)
        try sound?.encode(to: encoder)
    }
}
