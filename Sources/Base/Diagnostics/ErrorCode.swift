/// The kinds of failure, and the exit status of each: the numbers of `sysexits.h` where it has one.
package enum ErrorCode: String, Sendable, Codable, CaseIterable {
    /// The input is damaged or cut off; the masks of the frames that decode were made.
    case inputDamaged
    /// The command line is wrong.
    case usage
    /// The input is no video, has no video stream or no frame that decodes; masks are not one for
    /// each frame; or a consumer would reject rows of a data set.
    case inputUnusable
    /// The input does not exist or cannot be opened.
    case inputMissing
    /// The network, or a server there, cannot be reached.
    case networkFailed
    /// A program that is needed (ffmpeg, ffprobe) is not installed.
    case toolMissing
    /// A mistake in this program.
    case internalFault
    /// A child process (ffmpeg, ffprobe) crashed, was killed or failed.
    case toolFailed
    /// The output cannot be created: not a folder, not writable, or not made by 8cut.
    case outputUnusable
    /// Reading or writing failed, the disk is full.
    case inputOutput
    /// Another run is working on the same output.
    case outputBusy
    /// A download differs from what the server announced.
    case downloadDamaged
    /// A licence has not been accepted, or the server refuses access.
    case notPermitted
    /// The output holds masks of another input or other settings.
    case outputDiffers
    /// The native engine and the reference implementation do not give the same masks.
    case enginesDiffer
    /// The library, the disk and `dataset.json` do not agree.
    case libraryDiffers
    /// Nothing in the video moves or stands out, or is what a text names.
    case nothingFound
    /// A signal ended the run.
    case interrupted

    /// The exit status of the process. For `interrupted` it is 128 + the signal's number, here
    /// that of Ctrl-C.
    package var exitStatus: Int32 {
        switch self {
        case .inputDamaged: 3
        case .outputDiffers: 4
        case .enginesDiffer: 5
        case .libraryDiffers: 6
        case .nothingFound: 7
        case .usage: 64
        case .inputUnusable: 65
        case .inputMissing: 66
        case .networkFailed: 68
        case .toolMissing: 69
        case .internalFault: 70
        case .toolFailed: 71
        case .outputUnusable: 73
        case .inputOutput: 74
        case .outputBusy: 75
        case .downloadDamaged: 76
        case .notPermitted: 77
        case .interrupted: 130
        }
    }

    /// One line for the table of exit codes in the documentation.
    package var meaning: String {
        switch self {
        case .inputDamaged: "done, but the input is damaged: clips and masks hold what decodes"
        case .enginesDiffer: "the native engine and the reference do not agree (8cut verify)"
        case .outputDiffers: "the output folder holds masks of another input or other settings"
        case .libraryDiffers: "the library and the disk do not agree (8cut library check)"
        case .nothingFound: "nothing in the video moves or stands out, or is what a text names"
        case .usage: "the command line is wrong"
        case .inputUnusable:
            "the input is no video, or has no video stream or no frames; or masks lack or are too "
                + "many; or a data set would be rejected, or clips cannot be imported"
        case .inputMissing: "the input does not exist or cannot be opened"
        case .networkFailed: "the network, or a server there, cannot be reached"
        case .toolMissing: "a program that is needed, such as ffmpeg, is not installed"
        case .internalFault: "a mistake in 8cut itself"
        case .toolFailed: "another program, such as ffmpeg, crashed, was killed or failed"
        case .outputUnusable: "the output cannot be created, or is not a folder made by 8cut"
        case .inputOutput: "reading or writing failed, for example because the disk is full"
        case .outputBusy: "another run is working on the same folder"
        case .downloadDamaged: "a download is not what the server said it would send"
        case .notPermitted: "a licence is not accepted, or the server refuses access"
        case .interrupted: "ended by a signal (128 + its number: 130 for Ctrl-C)"
        }
    }
}
