import Detection
import Diagnostics
import Testing

/// Which frames of a clip are looked at, and in which order.
@Suite struct SearchedFramesTests {
    @Test func theMiddleComesFirst() throws {
        #expect(try SearchedFrames.untilClear(5).numbers(of: 240) == [120, 24, 216, 72, 168])
        let nine = try SearchedFrames.untilClear(9).numbers(of: 200)
        #expect(nine == [100, 20, 180, 60, 140, 40, 160, 80, 120])
        #expect(!SearchedFrames.untilClear(5).isExhaustive)
    }

    @Test func aShortClipIsLookedAtAsFarAsItGoes() throws {
        #expect(try SearchedFrames.untilClear(5).numbers(of: 3) == [1, 0, 2])
        #expect(try SearchedFrames.untilClear(5).numbers(of: 1) == [0])
    }

    @Test func aNumberOfFramesIsSpread() throws {
        #expect(try SearchedFrames.spread(5).numbers(of: 240) == [24, 72, 120, 168, 216])
        #expect(try SearchedFrames.spread(1).numbers(of: 9) == [4])
        for count in 1...40 {
            for wanted in 1...count {
                let frames = try SearchedFrames.spread(wanted).numbers(of: count)
                #expect(Set(frames).count == wanted && frames.allSatisfy((0..<count).contains))
            }
        }
    }

    @Test func framesOfAListAreEachLookedAtOnce() throws {
        #expect(try SearchedFrames.listed([11, 0, 5, 0]).numbers(of: 12) == [0, 5, 11])
    }

    @Test(arguments: [SearchedFrames.spread(13), .listed([3, 12])])
    func aClipThatIsTooShortIsAnError(frames: SearchedFrames) {
        let error = #expect(throws: EightCutError.self) { try frames.numbers(of: 12) }
        #expect(error?.code == .usage)
        #expect(
            error?.why.contains(exactly: "12 frames: 0 to 11") == true,
            "\(String(describing: error))"
        )
    }

    @Test func settingsThatLookAtOtherFramesAreDescribedInAnotherWay() {
        let all: [SearchedFrames] = [
            .untilClear(5), .untilClear(9), .spread(5), .listed([5]), .listed([5, 6]),
        ]
        #expect(Set(all.map(\.described)).count == all.count)
        #expect(
            SearchedFrames.listed([6, 5]).described == SearchedFrames.listed([5, 6, 5]).described
        )
    }
}
