/// What each channel of an audio stream is for.
package struct SoundLayout: Sendable, Equatable {
    /// The place of a loudspeaker, as far as it matters here.
    package enum Role: Sendable, Equatable {
        case left, right, center
        /// Low-frequency effects.
        case bass
        /// Beside or behind the listener.
        case surround
        /// Anything else, above or between the front loudspeakers.
        case other
    }

    /// The roles in the order of the channels, 1…8.
    package private(set) var roles: [Role]

    /// The layout that a number of channels usually has: those that ffmpeg assumes.
    ///
    /// - Parameter channels: 1…8.
    package init(channels: Int) {
        precondition((1...8).contains(channels))
        let usual = ["mono", "stereo", "2.1", "4.0", "5.0", "5.1", "6.1", "7.1"]
        roles = Self.speakers[usual[channels - 1]]?.map(Self.role) ?? []
    }

    /// A layout by its name.
    ///
    /// - Parameters:
    ///   - name: ffprobe's `channel_layout`: "stereo", "5.1(side)", "FL+FR+LFE".
    ///   - channels: how many there are, 1…8. If the name is unknown or is of another number, the
    ///     usual layout of so many channels is taken.
    package init(name: String, channels: Int) {
        self.init(channels: channels)
        let listed = name.utf8.split(separator: UInt8(ascii: "+")).map {
            String(decoding: $0, as: UTF8.self)
        }
        let known = Self.speakers[name] ?? (listed.allSatisfy(Self.names.contains) ? listed : [])
        if known.count == channels { roles = known.map(Self.role) }
    }

    /// The channels whose mean is searched for onsets and bandwidth, as indices.
    ///
    /// One or two channels are all of them. With more, dialogue is in the center channel, so that
    /// effects are better heard in front left and right without it.
    package var effects: [Int] {
        guard roles.count > 2 else { return Array(roles.indices) }
        let front = roles.indices.filter { roles[$0] == .left || roles[$0] == .right }
        return front.isEmpty ? Array(roles.indices) : front
    }

    /// What the energy of each channel counts in its loudness.
    ///
    /// ITU-R BS.1770-4, table 3: LFE is left out, surround channels have 1.41, as in ffmpeg's
    /// `ebur128`.
    package var weights: [Double] {
        roles.map { role in
            switch role {
            case .bass: 0
            case .surround: 1.41
            case .left, .right, .center, .other: 1
            }
        }
    }

    private static func role(_ name: String) -> Role {
        switch name {
        case "FL": .left
        case "FR": .right
        case "FC": .center
        case "LFE", "LFE2": .bass
        case "BL", "BR", "BC", "SL", "SR", "SDL", "SDR", "TBL", "TBC", "TBR": .surround
        default: .other
        }
    }

    private static let names: Set<String> = [
        "FL", "FR", "FC", "LFE", "BL", "BR", "FLC", "FRC", "BC", "SL", "SR", "TC", "TFL", "TFC",
        "TFR", "TBL", "TBC", "TBR", "DL", "DR", "WL", "WR", "SDL", "SDR", "LFE2",
    ]

    /// The channels of ffmpeg's layouts of at most eight (`ffmpeg -layouts`).
    private static let speakers: [String: [String]] = [
        "mono": ["FC"],
        "stereo": ["FL", "FR"],
        "downmix": ["DL", "DR"],
        "2.1": ["FL", "FR", "LFE"],
        "3.0": ["FL", "FR", "FC"],
        "3.0(back)": ["FL", "FR", "BC"],
        "3.1": ["FL", "FR", "FC", "LFE"],
        "4.0": ["FL", "FR", "FC", "BC"],
        "quad": ["FL", "FR", "BL", "BR"],
        "quad(side)": ["FL", "FR", "SL", "SR"],
        "4.1": ["FL", "FR", "FC", "LFE", "BC"],
        "5.0": ["FL", "FR", "FC", "BL", "BR"],
        "5.0(side)": ["FL", "FR", "FC", "SL", "SR"],
        "5.1": ["FL", "FR", "FC", "LFE", "BL", "BR"],
        "5.1(side)": ["FL", "FR", "FC", "LFE", "SL", "SR"],
        "6.0": ["FL", "FR", "FC", "BC", "SL", "SR"],
        "6.0(front)": ["FL", "FR", "FLC", "FRC", "SL", "SR"],
        "hexagonal": ["FL", "FR", "FC", "BL", "BR", "BC"],
        "6.1": ["FL", "FR", "FC", "LFE", "BC", "SL", "SR"],
        "6.1(back)": ["FL", "FR", "FC", "LFE", "BL", "BR", "BC"],
        "6.1(front)": ["FL", "FR", "LFE", "FLC", "FRC", "SL", "SR"],
        "7.0": ["FL", "FR", "FC", "BL", "BR", "SL", "SR"],
        "7.0(front)": ["FL", "FR", "FC", "FLC", "FRC", "SL", "SR"],
        "7.1": ["FL", "FR", "FC", "LFE", "BL", "BR", "SL", "SR"],
        "7.1(wide)": ["FL", "FR", "FC", "LFE", "BL", "BR", "FLC", "FRC"],
        "7.1(wide-side)": ["FL", "FR", "FC", "LFE", "FLC", "FRC", "SL", "SR"],
        "octagonal": ["FL", "FR", "FC", "BL", "BR", "BC", "SL", "SR"],
    ]
}
