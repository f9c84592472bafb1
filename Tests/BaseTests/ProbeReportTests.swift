import Diagnostics
import Media
import Testing

/// Values that containers give, and nothing is true of.
@Suite struct ProbeReportTests {
    private func report(_ stream: String, _ format: String = "") throws -> ProbeReport {
        let json = """
            {"streams": [{"index": 0, "codec_type": "video", "width": 320, "height": 240,
              "time_base": "1/1000"\(stream)}],
             "format": {"format_name": "matroska,webm"\(format)}}
            """
        return try ProbeReport(json: Array(json.utf8), path: "a.mkv")
    }

    @Test(arguments: ["inf", "nan", "1e308", "-1", "9000000000001.824219", "0x1p1000", ""])
    func aDurationBeyondAllReasonIsUnknown(_ text: String) throws {
        let report = try report(
            #", "duration": "\#(text)", "tags": {"DURATION": "\#(text):00:00"}"#,
            #", "duration": "\#(text)", "start_time": "\#(text)""#
        )
        let source = try report.source(path: "a.mkv")
        #expect(source.video.duration == nil && source.video.estimatedFrames == nil)
        #expect(abs(source.startTime) <= 1_000_000)
    }

    @Test(arguments: ["9223372036854775807/1", "1/9223372036854775807", "0/0", "-1/1"])
    func aFractionThatFFmpegCannotHaveIsUnknown(_ text: String) throws {
        let source = try report(
            #", "avg_frame_rate": "\#(text)", "r_frame_rate": "\#(text)","#
                + #" "sample_aspect_ratio": "9223372036854775807:3""#
        ).source(path: "a.mkv")
        #expect(source.video.frameRate == nil && source.nominalRate == nil)
        #expect(source.pixelAspect == .one)
    }

    @Test func framesOfTooManyPixelsAreRefused() throws {
        let json = """
            {"streams": [{"index": 0, "codec_type": "video", "width": 15000, "height": 15000}]}
            """
        let report = try ProbeReport(json: Array(json.utf8), path: "a.mkv")
        let error = #expect(throws: EightCutError.self) { try report.videoStream(path: "a.mkv") }
        #expect(error?.code == .inputUnusable)
        #expect(error?.why.contains("15000x15000") == true)
    }
}
