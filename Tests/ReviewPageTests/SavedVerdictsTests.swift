import ClipReview
import Files
import TestSupport
import Testing

/// What the page saves, as a browser has saved it.
@Suite struct SavedVerdictsTests {
    private static let saved = """
        {
         "v": 1,
         "reviewer": "maria",
         "verdicts": [
          {
           "clip": 12,
           "path": "/clips/dog_001.mp4",
           "masksDigest": "00ff",
           "verdict": "keep",
           "time": 1796082214.938,
           "draw": "worst",
           "score": 0.067
          },
          {
           "clip": 13,
           "path": "/clips/</script> כלב_001.mp4",
           "masksDigest": "00fe",
           "verdict": "undecided",
           "time": 1796082215,
           "draw": "random"
          }
         ]
        }

        """

    @Test func theLibraryReadsIt() throws {
        let folder = try TemporaryFolder()
        try AtomicFile.write(Self.saved, to: folder["verdicts-maria.json"])
        let file = try VerdictFile(readingFrom: folder["verdicts-maria.json"])
        #expect(file.reviewer == "maria" && file.verdicts.map(\.clip) == [12, 13])
        #expect(file.verdicts.map(\.verdict) == [.keep, .undecided])
        #expect(file.verdicts.map(\.draw) == [.worst, .random])
        #expect(file.verdicts.map(\.score) == [0.067, nil])
        #expect(file.verdicts[1].path == "/clips/</script> כלב_001.mp4")
    }
}
