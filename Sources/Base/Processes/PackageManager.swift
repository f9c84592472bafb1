import Diagnostics
import Files
import Glibc
import SystemPackage

/// How programs are installed on this system: the command of its distribution.
package struct PackageManager: Sendable, Equatable {
    /// Distributions that install programs by the same command and the same names.
    private enum Family: Sendable {
        case debian, fedora, enterprise, arch, suse, alpine, gentoo, void, nix
    }

    private let family: Family?
    private let isRoot: Bool

    /// That of this system, for this user.
    package static let current = PackageManager(
        osRelease: AvailableCores.text("/etc/os-release")
            ?? AvailableCores.text("/usr/lib/os-release"),
        isRoot: geteuid() == 0
    )

    /// - Parameters:
    ///   - osRelease: what /etc/os-release holds (os-release(5)); nil when it cannot be read.
    ///   - isRoot: whether the user may install programs without another's rights.
    package init(osRelease: String?, isRoot: Bool) {
        self.isRoot = isRoot
        let text = osRelease ?? ""
        // What a distribution is like comes from the nearest to the farthest.
        family =
            (Self.words("ID", in: text) + Self.words("ID_LIKE", in: text)).lazy
            .compactMap { Self.family(of: $0) }.first
    }

    private static func words(_ name: String, in text: String) -> [String] {
        let line = text.split(exactly: "\n").lazy.compactMap { $0.removing(prefix: name + "=") }
            .first
        return (line ?? "").trimmed.unicodeScalars.split { " \"'".unicodeScalars.contains($0) }
            .map { String($0).lowercased() }
    }

    private static func family(of word: String) -> Family? {
        switch word {
        case "debian", "ubuntu": .debian
        case "fedora": .fedora
        case "rhel", "centos", "rocky", "almalinux", "ol": .enterprise
        case "arch": .arch
        case "suse", "sles": .suse
        case "alpine": .alpine
        case "gentoo": .gentoo
        case "void": .void
        case "nixos": .nix
        default: word.hasPrefix(exactly: "opensuse") ? .suse : nil
        }
    }

    /// The command that installs something; nil where the distribution is not known.
    package func command(for program: InstallableProgram) -> String? {
        let sudo = isRoot ? "" : "sudo "
        return switch family {
        case nil: nil
        case .debian: sudo + "apt install " + program.name(python: "python3 python3-venv")
        case .fedora: sudo + "dnf install " + program.name(ffmpeg: "ffmpeg-free")
        case .enterprise where program == .ffmpeg:
            // It is in EPEL.
            sudo + "dnf install epel-release && " + sudo + "dnf install ffmpeg-free"
        case .enterprise: sudo + "dnf install " + program.name()
        case .arch: sudo + "pacman -S " + program.name(python: "python")
        case .suse: sudo + "zypper install " + program.name()
        case .alpine: "apk add " + program.name()
        case .gentoo:
            sudo + "emerge "
                + program.name(
                    ffmpeg: "media-video/ffmpeg",
                    python: "dev-lang/python",
                    curl: "net-misc/curl"
                )
        case .void: sudo + "xbps-install " + program.name()
        case .nix: "nix-shell -p " + program.name()
        }
    }

    /// What to do where a program is missing.
    package func advice(on program: InstallableProgram) -> MessageText {
        let command = command(for: program)
        switch program {
        case .curl:
            return command.map { "Install curl: \($0)" }
                ?? "Install curl with the system's package manager."
        case .python:
            return command.map { "Install Python, with its module venv: \($0)" }
                ?? "Install Python, with its module venv, with the system's package manager."
        case .ffmpeg:
            let first: MessageText =
                command.map { "Install FFmpeg: \($0)" }
                ?? "Install FFmpeg with the system's package manager."
            return "\(first)\n\(Self.ffmpegWithoutRoot)"
        }
    }

    /// Where there is an FFmpeg with x264, of distributions whose own is built without it.
    package var sourceOfX264: MessageText? {
        switch family {
        case .fedora, .enterprise: "RPM Fusion has an ffmpeg with x264: https://rpmfusion.org"
        case .suse: "Packman has an ffmpeg with x264: https://packman.links2linux.org"
        default: nil
        }
    }

    /// FFmpeg in a folder of one's own.
    package static let ffmpegWithoutRoot: MessageText = "\(ownFFmpeg)\n\(ownFolder)"

    private static let ownFFmpeg: MessageText =
        "Without root, or for a newer one: micromamba create -n ffmpeg -c conda-forge ffmpeg"
    private static let ownFolder: MessageText =
        "Then set EIGHTCUT_FFMPEG to the folder that has ffmpeg and ffprobe in it. "
        + "A static build will do too."
}

/// A program that distributions have a package of.
package enum InstallableProgram: Sendable, CaseIterable {
    /// ffmpeg and ffprobe.
    case ffmpeg
    /// Python with the module venv, which some distributions have a package of its own for.
    case python
    case curl

    fileprivate func name(
        ffmpeg: String = "ffmpeg",
        python: String = "python3",
        curl: String = "curl"
    ) -> String {
        switch self {
        case .ffmpeg: ffmpeg
        case .python: python
        case .curl: curl
        }
    }
}
