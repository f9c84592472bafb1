/// The channel layouts of clips: those that AAC has a channel configuration for, which every
/// decoder knows. The others would need a program config element, which many do not read.
package enum AudioLayout: String, Sendable, Equatable, CaseIterable {
    case mono, stereo
    case surround = "3.0"
    case quad = "4.0"
    case five = "5.0"
    case fiveOne = "5.1"
    case sevenOne = "7.1"

    package var channels: Int {
        switch self {
        case .mono: 1
        case .stereo: 2
        case .surround: 3
        case .quad: 4
        case .five: 5
        case .fiveOne: 6
        case .sevenOne: 8
        }
    }

    /// The layout that audio of another is written in: the same but for side channels, which become
    /// back channels, or else the next lower one.
    ///
    /// - Parameters:
    ///   - name: FFmpeg's name of the layout; nil where the file does not have it.
    ///   - channels: how many channels there are.
    init(nearest name: String?, channels: Int) {
        let name = name ?? Self.usual[channels] ?? "stereo"
        switch name {
        case "mono": self = .mono
        case "3.0", "3.1": self = .surround
        case "4.0", "4.1": self = .quad
        case "5.0", "5.0(side)", "6.0", "6.0(front)", "hexagonal", "7.0", "7.0(front)", "octagonal":
            self = .five
        case "5.1", "5.1(side)", "6.1", "6.1(back)", "6.1(front)", "7.1(wide)", "7.1(wide-side)",
            "7.1(top)":
            self = .fiveOne
        case "7.1": self = .sevenOne
        default: self = channels == 1 ? .mono : .stereo
        }
    }

    /// What FFmpeg takes for the layout of so many channels.
    private static let usual = [
        1: "mono", 2: "stereo", 3: "2.1", 4: "4.0", 5: "5.0", 6: "5.1", 7: "6.1", 8: "7.1",
    ]

    /// Whether a file that says only how many channels it has is read as this layout.
    var isUsual: Bool { Self.usual[channels] == rawValue }

    /// The speakers, as a WAV file has them.
    var mask: UInt32 {
        switch self {
        case .mono: 0x4
        case .stereo: 0x3
        case .surround: 0x7
        case .quad: 0x107
        case .five: 0x37
        case .fiveOne: 0x3F
        case .sevenOne: 0x63F
        }
    }
}
