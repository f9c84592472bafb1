import ClipExport
import DatasetProfiles
import Diagnostics
import Files
import FoundationEssentials
import Media
import SystemPackage

/// A clip that a row wants.
package struct WantedCut: Sendable, Equatable {
    package let source: FilePath
    /// The path of the source, or its address in a store.
    let sourceName: String
    package let start: ClipStart
    package let settings: CutSettings

    /// - Parameters:
    ///   - source: the video.
    ///   - sourceName: its address in a store; nil for its path.
    ///   - start: where the clip begins, as `ClipStart` reads it.
    ///   - duration: its length, as `ClipStart.nanoseconds` reads it; nil for the profile's.
    ///   - profile: the name of the profile; nil for none.
    /// - Throws: `Fault` that names the field.
    package init(
        source: FilePath,
        sourceName: String? = nil,
        start: String,
        duration: String?,
        profile: String?
    ) throws(Fault) {
        self.source = source
        self.sourceName = sourceName ?? source.string
        do throws(ClipStart.Fault) {
            self.start = try ClipStart(parsing: start)
        } catch {
            throw Fault(field: "start", why: error.why)
        }
        var settings = CutSettings()
        if let profile {
            guard let known = DatasetProfile.named(profile), let rule = known.clip else {
                let names = DatasetProfile.ofClips.map(\.name).joined(separator: ", ")
                throw Fault(field: "profile", why: "is none of \(names)")
            }
            settings.apply(known)
            guard duration == nil || rule.isFree else {
                throw Fault(field: "duration", why: "is set by the profile \(quoted(profile))")
            }
        }
        if let duration {
            guard let length = ClipStart.nanoseconds(duration),
                let rational = Rational(length, 1_000_000_000),
                (0.01...86_400).contains(rational.value)
            else {
                throw Fault(field: "duration", why: "is not between 0.01 s and a day")
            }
            settings.duration = rational
        }
        // Every machine has it, and with as many threads it gives the same bytes.
        (settings.encoder, settings.encoderThreads) = (.x264, 4)
        self.settings = settings
    }

    /// Why there is no such clip.
    package struct Fault: Error, Sendable {
        package let field: String
        /// As a clause without a subject: "is no time".
        package let why: String
    }
}

/// What a clip was cut from, and how: the file `NAME.cut.json` beside it. A clip that has none was
/// not cut for a list.
struct CutRecord: Codable {
    private static let version = 1
    private static let mostBytes = 1 << 20

    private let v: Int
    /// The path of the source, or its address in a store.
    let source: String
    private let sourceFile: FileFingerprint
    private let start: String
    private let settings: CutSettings
    /// The clip itself.
    let clip: FileFingerprint
    /// What of the source was damaged.
    let damage: String?

    init(
        _ wanted: WantedCut,
        source: FileFingerprint,
        clip: FileFingerprint,
        damage: String?
    ) {
        v = Self.version
        self.source = wanted.sourceName
        sourceFile = source
        start = "\(wanted.start)"
        settings = wanted.settings
        self.clip = clip
        self.damage = damage
    }

    static func path(of clip: FilePath) -> FilePath {
        var path = clip
        path.extension = nil
        return path.removingLastComponent()
            .appending((path.lastComponent?.string ?? "clip") + ".cut.json")
    }

    /// Reads a record.
    ///
    /// - Returns: nil where there is none, or what is there is none.
    /// - Throws: `EightCutError` when it cannot be read.
    init?(at path: FilePath) throws {
        do {
            let bytes = try SmallFile.read(path, limit: Self.mostBytes)
            guard let record = try? JSONDecoder().decode(Self.self, from: Data(bytes)),
                record.v == Self.version
            else { return nil }
            self = record
        } catch Errno.noSuchFileOrDirectory {
            return nil
        } catch let error as Errno {
            throw fileError("cannot read", path, error)
        }
    }

    func write(to path: FilePath) throws {
        try AtomicFile.write(try JSONText.pretty(self) + "\n", to: path)
    }

    /// Whether it is the record of a clip that is wanted. A source that is gone, or was moved with
    /// its content, makes no difference.
    func isOf(_ wanted: WantedCut) -> Bool {
        guard start.isExactly("\(wanted.start)"), settings == wanted.settings else { return false }
        guard let status = FileStatus(following: wanted.source) else {
            return source.isExactly(wanted.sourceName)
        }
        if status.kind == .file, status.bytes != sourceFile.bytes { return false }
        return (try? FileFingerprint(of: wanted.source)).map(sourceFile.hasSameContent) ?? false
    }
}
