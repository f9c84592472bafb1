import Diagnostics
import Media
import Processes
import SystemPackage

/// ffmpeg and ffprobe: whether they are there, which version, and what they were built with.
package enum MediaChecks {
    /// - Throws: `CancellationError`.
    static func findings() async throws -> [SystemFinding] {
        do {
            let folder = try FFmpegProgram.namedFolder()
            async let ffprobe = ask(.ffprobe, ["-version"])
            async let version = ask(.ffmpeg, ["-version"])
            async let filters = ask(.ffmpeg, ["-hide_banner", "-filters"])
            async let encoders = ask(.ffmpeg, ["-hide_banner", "-encoders"])
            async let decoders = ask(.ffmpeg, ["-hide_banner", "-decoders"])
            let ffmpeg = try await version
            var found = [
                finding(.ffmpeg, ffmpeg, in: folder),
                finding(.ffprobe, try await ffprobe, in: folder),
            ]
            guard case .ended(0, let text, _) = ffmpeg, let version = FFmpegVersion(text) else {
                return found
            }
            found += lastFrame(version).map { [$0] } ?? []
            for (needs, end) in [
                (FFmpegNeeds.filters, try await filters),
                (FFmpegNeeds.encoders, try await encoders),
                (FFmpegNeeds.decoders, try await decoders),
            ] {
                guard case .ended(0, let list, _) = end else { continue }
                found.append(needs.finding(FFmpegNeeds.names(in: list)))
            }
            return found
        } catch let error as EightCutError {
            // The variable makes no sense.
            return FFmpegProgram.allCases.map {
                SystemFinding(
                    $0.rawValue,
                    .missing,
                    "\(error.what) \(quoted(error.subject ?? "")): \(error.why)",
                    remedy: $0 == .ffmpeg ? error.remedy : nil
                )
            }
        }
    }

    private static func ask(
        _ program: FFmpegProgram,
        _ arguments: [String]
    ) async throws -> ShortChild.End {
        try await ShortChild.run(
            try program.program(),
            arguments,
            environment: FFmpegProgram.environment,
            limit: .seconds(3)
        )
    }

    private static func finding(
        _ program: FFmpegProgram,
        _ end: ShortChild.End,
        in folder: FilePath?
    ) -> SystemFinding {
        let name = program.rawValue
        let path =
            folder?.appending(name)
            ?? FilePath.Component(name).flatMap { ProgramSearch.find($0) }
        let place = path.map { " (\(visible($0.string)))" } ?? ""
        switch end {
        case .notFound:
            return SystemFinding(
                name,
                .missing,
                "not installed",
                // Once is enough: both come with the same package.
                remedy: program == .ffmpeg
                    ? PackageManager.current.advice(on: .ffmpeg).english : "It comes with ffmpeg."
            )
        case .failed(let why):
            return SystemFinding(
                name,
                .missing,
                "does not work\(place): \(visible(why))",
                remedy: "Try it: \(name) -version"
            )
        case .ended(let status, let output, let errors):
            guard status == 0, let version = FFmpegVersion(output) else {
                let line = errors.exactLines.last.map { ": " + visible(String($0), limit: 200) }
                return SystemFinding(
                    name,
                    .missing,
                    "does not work\(place), and ends with status \(status)\(line ?? "")",
                    remedy: "Try it: \(name) -version"
                )
            }
            guard version.isNewEnough else {
                return SystemFinding(
                    name,
                    .missing,
                    "\(version.text)\(place) is too old: 4.4 or newer is needed",
                    remedy: PackageManager.ffmpegWithoutRoot.english
                )
            }
            return SystemFinding(name, .ok, "\(version.text)\(place)")
        }
    }

    /// What loaders make of this version.
    private static func lastFrame(_ version: FFmpegVersion) -> SystemFinding? {
        guard !version.countsLastFrame else { return nil }
        return SystemFinding(
            "last frame",
            .note,
            "trainers that read with FFmpeg before 6.1 may count one frame less",
            remedy: "Export with the trainer's --profile, which allows for that."
        )
    }
}

/// The version of ffmpeg or ffprobe, as `-version` reports it.
package struct FFmpegVersion: Sendable, Equatable {
    /// As the builder calls it: "5.1.9-0+deb12u1", "n8.0", "N-121257-g1a2b3c".
    package let text: String
    /// Major and minor of libavutil, which every build has, whatever it is called.
    private let major: Int
    private let minor: Int

    package init?(_ output: String) {
        guard let first = output.exactLines.first else { return nil }
        let words = first.split(exactly: " ")
        guard words.count > 2, words[1].isExactly("version") else { return nil }
        text = visible(String(words[2]), limit: 60)
        // "libavutil      57. 28.100 / 57. 28.100": as built, and as it runs.
        let line = output.exactLines.lazy.compactMap { $0.removing(prefix: "libavutil") }.first
        let numbers = (line ?? "").unicodeScalars.split { !$0.isDigit }
            .compactMap { Int(String($0)) }
        guard numbers.count >= 3 else { return nil }
        (major, minor) = (numbers[numbers.count - 3], numbers[numbers.count - 2])
    }

    /// Whether it is 4.4, the oldest that the program was tried with, or newer.
    package var isNewEnough: Bool { (major, minor) >= (56, 70) }

    /// Whether the filter `fps` knows how long the last frame is shown, as since 6.1.
    package var countsLastFrame: Bool { (major, minor) >= (58, 29) }
}

/// What ffmpeg has to be built with.
package struct FFmpegNeeds: Sendable {
    private let name: String
    /// Without these, clips or masks cannot be made.
    private let needed: [String]
    /// What others are for.
    private let optional: [(names: [String], use: String)]

    package static let filters = FFmpegNeeds(
        name: "filters",
        needed: [
            "aformat", "apad", "aresample", "asetpts", "asetrate", "ashowinfo", "asplit", "astats",
            "atrim", "crop", "format", "fps", "pad", "pan", "scale", "select", "setparams",
            "setpts",
            "setsar", "settb", "showinfo", "split", "tpad", "trim",
        ],
        optional: [
            (["bwdif", "idet"], "interlaced videos"),
            (["fieldmatch", "decimate"], "--deinterlace telecine"),
            (["zscale", "tonemap", "colorspace"], "HDR videos"),
            (["premultiply"], "transparent videos"),
        ]
    )

    package static let encoders = FFmpegNeeds(
        name: "encoders",
        needed: ["libx264", "aac", "png", "pcm_s16le", "pcm_f32le", "rawvideo"],
        optional: [
            (["libwebp"], "clips as image sequences"), (["mjpeg"], "8cut review"),
            (["ffv1"], "8cut verify"),
        ]
    )

    package static let decoders = FFmpegNeeds(
        name: "decoders",
        needed: ["png", "rawvideo", "pcm_s16le"],
        optional: [
            (["h264"], "H.264"), (["hevc"], "HEVC"), (["vp9"], "VP9"), (["av1|libdav1d"], "AV1"),
            (["prores"], "ProRes"), (["aac"], "AAC"), (["opus"], "Opus"), (["mp3|mp3float"], "MP3"),
        ]
    )

    /// The names in what `-filters`, `-encoders` or `-decoders` prints: the second word of a line.
    package static func names(in list: String) -> Set<String> {
        Set(
            list.exactLines.compactMap { line in
                let words = line.split(exactly: " ").filter { !$0.isEmpty }
                return words.count > 2 ? String(words[1]) : nil
            }
        )
    }

    /// - Parameter there: the names of all that ffmpeg has.
    /// - Returns: which of those that are used it lacks, if any.
    package func finding(_ there: Set<String>) -> SystemFinding {
        let has = { (name: String) in
            name.split(exactly: "|").contains { there.contains(String($0)) }
        }
        let missing = needed.filter { !has($0) }
        let less = optional.filter { !$0.names.allSatisfy(has) }.map { names, use in
            let lacks = names.filter { !has($0) }.joined(separator: ", ")
                .replacing(exactly: "|", with: " or ")
            return "\(lacks) (for \(use))"
        }
        if missing.isEmpty, less.isEmpty {
            return SystemFinding(name, .ok, "all that are used are there")
        }
        let words = (missing.isEmpty ? less : missing).joined(separator: ", ")
        let other = PackageManager.current.sourceOfX264.map { $0.english + "\n" } ?? ""
        return SystemFinding(
            name,
            missing.isEmpty ? .note : .missing,
            "this ffmpeg has no " + words,
            remedy: other + PackageManager.ffmpegWithoutRoot.english
        )
    }
}
