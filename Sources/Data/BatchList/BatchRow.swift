import Diagnostics
import Files
import SystemPackage

/// One row of a list: a clip, or what is to be cut from a source, and the masks to make of it.
package struct BatchRow: Sendable, Equatable {
    /// What masks are made of.
    package enum Video: Sendable, Equatable {
        /// A video that is there, or a folder of images.
        case clip(BatchPlace)
        /// A clip that is cut first.
        case cut(Cut)
    }

    /// A clip that is cut from a source.
    package struct Cut: Sendable, Equatable {
        package let source: BatchPlace
        /// When it starts, as `8cut export` reads it: seconds, `h:m:s`, `@frame`.
        package let start: String
        /// How long it is, in the same forms; nil for the profile's own length.
        package let duration: String?
        /// The profile that it is cut for; nil for the usual one.
        package let profile: String?
        /// The file that it is written to.
        package let clip: BatchPlace

        package init(
            source: BatchPlace,
            start: String,
            duration: String? = nil,
            profile: String? = nil,
            clip: BatchPlace
        ) {
            self.source = source
            self.start = start
            self.duration = duration
            self.profile = profile
            self.clip = clip
        }
    }

    /// The name of its result: unique in the list, and usable as a file name.
    package let id: String
    package private(set) var video: Video
    /// The folder of the masks.
    package private(set) var output: BatchPlace
    package let method: BatchMethod
    /// A prompts file.
    package var prompts: BatchPlace?
    /// The prompts themselves instead, as the list in a prompts file.
    package var promptList: LocatedJSON?
    /// Options of `8cut masks METHOD`, by their long names without the dashes. `true` is a flag.
    package var settings: [String: JSONScalar] = [:]
    /// The label of the sound.
    package var label: String?
    /// The category of the label.
    package var category: String?
    /// How many frames the clip has, for the division among shards; 1 or more.
    package var frames: Int?
    /// What has to be the same on all machines, for the same bytes.
    package var pins = Pins()
    /// Its line in the list, from 1; 0 for a row that was not read from one.
    package var line = 0

    /// What has to be the same on all machines.
    package struct Pins: Sendable, Equatable {
        /// A value of `--device`.
        package var device: String?
        /// A value of `--precision`.
        package var precision: String?
        /// The revision of the method, and of what it builds on: "2", "1+2".
        package var revision: String?

        package init(device: String? = nil, precision: String? = nil, revision: String? = nil) {
            self.device = device
            self.precision = precision
            self.revision = revision
        }
    }

    package init(id: String, video: Video, output: BatchPlace, method: BatchMethod) {
        self.id = id
        self.video = video
        self.output = output
        self.method = method
    }

    /// Whether it says which objects are meant.
    package var hasPrompts: Bool { prompts != nil || promptList != nil }

    /// The options of `8cut masks METHOD`: the settings, and the device and precision that are
    /// pinned.
    package var options: [String: JSONScalar] {
        var options = settings
        if let device = pins.device { options["device"] = .text(device) }
        if let precision = pins.precision { options["precision"] = .text(precision) }
        return options
    }

    /// What the row takes, in frames of the cheapest method; nil when its frames are not known.
    package var cost: Int? { frames.map { $0 * method.cost } }

    /// Identifies what the row asks for: SHA-256, in hex, of all but the label, its category
    /// and the number of frames. A result with another one is that of another row. A label that is
    /// what is looked for belongs to it.
    package var digest: String {
        var row = self
        if settings["text"] != .flag(true) { row.label = nil }
        (row.category, row.frames) = (nil, nil)
        let digest = Digest()
        var text = row.json
        text.withUTF8 { digest.update(UnsafeRawBufferPointer($0)) }
        return digest.finish()
    }

    /// The row as JSON in one line.
    package var json: String { (try? JSONText.line(self)) ?? "{}" }
}

extension BatchRow {
    /// The names of the fields.
    package enum Field: String, CaseIterable, CodingKey {
        case id, input, source, start, duration, profile, clip, output, method, prompts, settings
        case label, category, frames, device, precision, revision
    }

    /// The most frames of a row: 46 days at 25 fps. A list of the largest fits into an `Int`.
    package static let frameCounts = 1...100_000_000

    /// The file that a cut is written to where the row does not say: beside the masks, with the
    /// name of their folder without `_masks`.
    static func clip(besides output: String) -> String {
        // A slash at the end names no other folder.
        var name = output[...]
        while let shorter = name.removing(suffix: "/"), !shorter.isEmpty { name = shorter }
        return (name.removing(suffix: "_masks") ?? name) + ".mp4"
    }
}

extension BatchRow {
    /// The row with paths in the place of objects.
    ///
    /// - Parameter path: the path for the object in a field.
    /// - Returns: the row.
    package func relocated(_ path: (Field, String) -> FilePath) -> BatchRow {
        func place(_ field: Field, _ place: BatchPlace) -> BatchPlace {
            guard case .object(let address) = place.location else { return place }
            return BatchPlace(written: place.written, path: path(field, address))
        }
        var row = self
        switch video {
        case .clip(let input): row.video = .clip(place(.input, input))
        case .cut(let cut):
            row.video = .cut(
                Cut(
                    source: place(.source, cut.source),
                    start: cut.start,
                    duration: cut.duration,
                    profile: cut.profile,
                    clip: place(.clip, cut.clip)
                )
            )
        }
        row.output = place(.output, output)
        row.prompts = prompts.map { place(.prompts, $0) }
        return row
    }
}

extension BatchRow: Encodable {
    package func encode(to encoder: any Encoder) throws {
        var keyed = encoder.container(keyedBy: Field.self)
        try keyed.encode(id, forKey: .id)
        switch video {
        case .clip(let place): try keyed.encode(place.written, forKey: .input)
        case .cut(let cut):
            try keyed.encode(cut.source.written, forKey: .source)
            try keyed.encode(cut.start, forKey: .start)
            try keyed.encodeIfPresent(cut.duration, forKey: .duration)
            try keyed.encodeIfPresent(cut.profile, forKey: .profile)
            try keyed.encode(cut.clip.written, forKey: .clip)
        }
        try keyed.encode(output.written, forKey: .output)
        try keyed.encode(method.rawValue, forKey: .method)
        try keyed.encodeIfPresent(prompts?.written, forKey: .prompts)
        try keyed.encodeIfPresent(promptList.map(PlainJSON.init), forKey: .prompts)
        if !settings.isEmpty { try keyed.encode(settings, forKey: .settings) }
        try keyed.encodeIfPresent(label, forKey: .label)
        try keyed.encodeIfPresent(category, forKey: .category)
        try keyed.encodeIfPresent(frames, forKey: .frames)
        try keyed.encodeIfPresent(pins.device, forKey: .device)
        try keyed.encodeIfPresent(pins.precision, forKey: .precision)
        try keyed.encodeIfPresent(pins.revision, forKey: .revision)
    }
}

/// A JSON value as it was read.
private struct PlainJSON: Encodable {
    let json: LocatedJSON

    init(_ json: LocatedJSON) { self.json = json }

    func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        switch json.content {
        case .null: try value.encodeNil()
        case .bool(let flag): try value.encode(flag)
        case .number(let number): try value.encode(number)
        case .string(let text): try value.encode(text)
        case .array(let items): try value.encode(items.map(PlainJSON.init))
        case .object(let members):
            try value.encode(
                Dictionary(members.map { ($0.name, PlainJSON($0.value)) }) { $1 }
            )
        }
    }
}
