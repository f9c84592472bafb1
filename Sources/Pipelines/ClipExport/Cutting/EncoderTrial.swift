import Diagnostics
import Glibc
import Media

/// Finds out which encoder works here, by encoding a few pictures.
package struct EncoderTrial: Sendable {
    /// What was found.
    package struct Choice: Sendable, Equatable {
        /// The encoder to be used.
        package let encoder: VideoEncoder
        /// Why it is not the one that was asked for; nil when it is.
        package let note: String?
    }

    private let settings: CutSettings

    /// For clips of these settings.
    package init(_ settings: CutSettings) {
        self.settings = settings
    }

    /// Tries what was asked for; with `auto` the hardware's encoders, and then x264.
    ///
    /// - Throws: `EightCutError` when ffmpeg is missing, or `CancellationError`.
    package func choose() async throws -> Choice {
        switch settings.encoder {
        case .x264: return Choice(encoder: .x264, note: nil)
        case .auto:
            for encoder in [VideoEncoder.nvenc, .qsv, .vaapi] {
                // Without the device the trial would only cost time.
                guard encoder.device.map({ access($0, R_OK | W_OK) == 0 }) ?? true else {
                    continue
                }
                if try await failure(of: encoder) == nil {
                    return Choice(encoder: encoder, note: nil)
                }
            }
            return Choice(encoder: .x264, note: nil)
        case .nvenc: return try await orX264(.nvenc)
        case .vaapi: return try await orX264(.vaapi)
        case .qsv: return try await orX264(.qsv)
        }
    }

    private func orX264(_ encoder: VideoEncoder) async throws -> Choice {
        guard let why = try await failure(of: encoder) else {
            return Choice(encoder: encoder, note: nil)
        }
        return Choice(
            encoder: .x264,
            note: "\(encoder.rawValue) does not work here (\(why)); x264 encodes instead."
        )
    }

    /// Encodes half a second; nil when that works, else what ffmpeg says.
    private func failure(of encoder: VideoEncoder) async throws -> String? {
        let arguments =
            FFmpegRun.commonArguments + encoder.deviceArguments + [
                "-f", "lavfi", "-i", "testsrc2=size=256x144:rate=25:duration=0.48",
                "-vf", encoder.formatFilters.joined(separator: ","),
            ] + encoder.arguments(settings) + ["-f", "null", "-"]
        do {
            _ = try await FFmpegRun(arguments: arguments, input: "trial").run(
                failureMessage: "cannot encode with \(encoder.rawValue)"
            )
            return nil
        } catch let error as EightCutError where error.code == .toolFailed {
            return error.why
        }
    }
}
