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

    private func report(ofStreams streams: [String]) throws -> ProbeReport {
        let list = zip(0..., streams).map { #"{"index": \#($0), \#($1)}"# }
        let json = #"{"streams": [\#(list.joined(separator: ","))]}"#
        return try ProbeReport(json: Array(json.utf8), path: "a.mkv")
    }

    private static func video(_ codec: String, _ more: String = "", _ flags: String = "") -> String
    {
        #""codec_type": "video", "codec_name": "\#(codec)", "width": 320, "height": 240, "#
            + #""time_base": "1/25", "disposition": {\#(flags)}\#(more)"#
    }

    private static func audio(_ flags: String) -> String {
        #""codec_type": "audio", "codec_name": "aac", "sample_rate": "48000", "channels": 2, "#
            + #""disposition": {\#(flags)}"#
    }

    @Test(
        arguments: [
            ([video("h264"), video("h264", "", #""default": 1"#)], 1),
            ([video("mjpeg", #", "nb_frames": "1""#), video("h264", #", "nb_frames": "300""#)], 1),
            ([video("png", "", #""default": 1, "still_image": 1"#), video("h264")], 1),
            ([video("h264", #", "nb_frames": "1""#, #""default": 1"#), video("vp9")], 1),
            ([video("h264", "", #""default": 1, "comment": 1"#), video("h264")], 1),
            ([video("mjpeg", "", #""attached_pic": 1"#), video("h264", "", #""comment": 1"#)], 1),
            ([video("mjpeg", #", "nb_frames": "1""#)], 0), ([video("h264"), video("h264")], 0),
        ]
    )
    func theVideoStreamIsTheOneThatIsMeant(_ streams: [String], _ expected: Int) throws {
        let report = try report(ofStreams: streams)
        #expect(try report.videoStream(path: "a.mkv").number == expected)
        var options = VideoOptions()
        options.stream = 0
        #expect(try report.videoStream(path: "a.mkv", options).number == 0)
        options.stream = streams.count
        #expect(throws: EightCutError.self) { try report.videoStream(path: "a.mkv", options) }
    }

    @Test(
        arguments: [
            "comment", "hearing_impaired", "visual_impaired", "karaoke", "clean_effects",
            "descriptions",
        ]
    )
    func audioForSomeListenersIsNotTakenByItself(_ flag: String) throws {
        let streams = [Self.video("h264"), Self.audio(#""default": 1, "\#(flag)": 1"#)]
        let alone = try report(ofStreams: streams).source(path: "a.mkv")
        #expect(alone.defaultAudioStream?.number == 0)
        let beside = try report(ofStreams: streams + [Self.audio("")]).source(path: "a.mkv")
        #expect(beside.defaultAudioStream?.number == 1 && beside.defaultAudioStream?.index == 2)
        #expect(beside.video.audioIndex == 2)
    }

    @Test(arguments: [
        ("4.4.2-0ubuntu0.22.04.1", true), ("n4.4", true), ("5.0.3", true),
        ("5.1.9-0+deb12u1", false),
        ("n8.0", false), ("10.0", false), ("N-121257-g1a2b3c", false), ("", false), ("git", false),
    ])
    func versionsBefore5_1HaveOtherNames(version: String, isOld: Bool) {
        #expect(FFmpegDialect.isOlder(version) == isOld)
    }
}
