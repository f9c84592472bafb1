/// The file name extensions of videos, to find them in folders. What a file is, ffprobe says.
package enum VideoEnding {
    /// In lower case.
    package static let all: Set<String> = [
        "3gp", "asf", "avi", "flv", "gif", "m2ts", "m4v", "mkv", "mov", "mp4", "mpeg", "mpg", "mts",
        "mxf", "nut", "ogv", "ts", "vob", "webm", "wmv",
    ]
}
