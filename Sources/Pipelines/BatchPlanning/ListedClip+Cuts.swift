import ClipExport
import ClipLibrary
import Diagnostics
import SystemPackage

extension ListedClip {
    /// The clips of a table of cuts, in its order.
    ///
    /// They are named as exported clips are: `NAME_001`, with a number for each row of that name.
    ///
    /// - Parameters:
    ///   - path: the table; absolute.
    ///   - defaults: values for its empty cells.
    /// - Returns: the clips, and what the user should know of the table, as sentences.
    /// - Throws: `EightCutError` that names the line.
    package static func ofCuts(
        _ path: FilePath,
        _ defaults: CutList.Defaults
    ) throws -> (clips: [ListedClip], notes: [String]) {
        let list = try CutList(path, defaults)
        var numbers: [String: Int] = [:]
        var clips: [ListedClip] = []
        for request in list.requests {
            let cut: ListedCut
            do {
                try ClipName.check(request.name)
                try request.checkProfile()
                cut = try ListedCut(request)
            } catch let error as EightCutError {
                throw request.naming(error)
            }
            let number = numbers[request.name, default: 0] + 1
            numbers[request.name] = number
            clips.append(
                ListedClip(
                    .cut(cut),
                    name: ClipName.stem(request.name, number),
                    label: request.label,
                    category: request.category,
                    frames: cut.knownFrames
                )
            )
        }
        return (clips, list.notes)
    }
}
