import DatasetExport
import Diagnostics
import Files
import MaskStore
import Media
import Progress
import SystemPackage

/// Finds out how many frames clips have, so that shards are of one size.
package struct FrameCounts: Sendable {
    private let width: Int
    private let reporter: any ProgressReporter

    /// Files that are looked at between two reports, for each that is looked at at a time.
    private static let share = 8

    /// - Parameters:
    ///   - width: files that are looked at at a time.
    ///   - reporter: receives the progress.
    package init(width: Int, reporter: any ProgressReporter) {
        self.width = max(1, width)
        self.reporter = reporter
    }

    /// Why a file has told nothing.
    package struct Failure: Sendable {
        package let path: FilePath
        package let why: String
    }

    private enum Answer: Sendable {
        case stream(VideoStream)
        case failure(Failure)
    }

    /// Fills in what is not known: from the manifest of masks that are there, else by ffprobe, which
    /// looks at each file once. Objects in a store are not looked at.
    ///
    /// - Parameter clips: those without a number of frames are given one, where it can be found out.
    /// - Returns: the files that cannot be read, which their rows will report too.
    /// - Throws: `EightCutError` when ffprobe cannot be run; `CancellationError`; `OutputClosed`.
    package func fill(_ clips: inout [ListedClip]) async throws -> [Failure] {
        for index in clips.indices where clips[index].frames == nil {
            guard case .file(let path) = clips[index].video else { continue }
            clips[index].frames = Self.manifestCount(of: path)
        }
        var places: [FilePath: [Int]] = [:]
        for (place, clip) in clips.enumerated() where clip.frames == nil {
            if let path = clip.probed { places[path, default: []].append(place) }
        }
        let paths = places.sorted { ($0.value.first ?? 0) < ($1.value.first ?? 0) }.map(\.key)
        let meter = ProgressMeter()
        var (failures, rest) = ([Failure](), paths[...])
        while !rest.isEmpty {
            let part = Array(rest.prefix(width * Self.share))
            rest = rest.dropFirst(part.count)
            let answers = try await inParallel(part, width: width, Self.probe)
            for (path, answer) in zip(part, answers) {
                switch answer {
                case .failure(let failure): failures.append(failure)
                case .stream(let stream):
                    for place in places[path] ?? [] {
                        clips[place].frames = clips[place].frames(of: stream)
                    }
                }
            }
            try reporter.report(
                .progress(
                    meter.progress(
                        done: paths.count - rest.count,
                        total: paths.count,
                        totalIsEstimate: false,
                        unit: "video"
                    )
                )
            )
        }
        return failures
    }

    private static func manifestCount(of video: FilePath) -> Int? {
        let folder = MaskFolder.defaultPath(for: video)
        guard let manifest = try? MaskManifest(foundIn: folder), manifest.complete,
            manifest.frameCount > 0
        else { return nil }
        return manifest.frameCount
    }

    private static func probe(_ path: FilePath) async throws -> Answer {
        do {
            return .stream(try await VideoProbe.declaredStream(of: path))
        } catch let error as EightCutError {
            // This is not about the file.
            guard error.code != .toolMissing else { throw error }
            return .failure(Failure(path: path, why: error.why))
        }
    }
}
