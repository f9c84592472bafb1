import Diagnostics
import Files
import MaskStore
import Methods
import Prompts
import SystemPackage

extension RequestReader {
    /// Checks that all is there, and nothing that means nothing.
    func task() throws -> WorkerTask {
        let (needed, others) = request.action.fields
        for key in needed where json[key.rawValue] == nil {
            throw Self.refusal("'\(request.action.rawValue)' needs the field '\(key.rawValue)'")
        }
        let allowed = needed + others + [.id, .action]
        for key in WorkerRequest.CodingKeys.allCases
        where json[key.rawValue] != nil && !allowed.contains(key) {
            throw Self.refusal("'\(key.rawValue)' does not go with '\(request.action.rawValue)'")
        }
        switch request.action {
        case .mask:
            let frame = try frame()
            return .mask(
                MaskTask(
                    frame: frame,
                    prompts: try prompts(on: frame),
                    output: try picture(),
                    drawing: try drawing()
                )
            )
        case .encode: return .encode(frame: try frame())
        case .run:
            return .run(
                RunTask(
                    prompts: try prompts(on: nil),
                    output: try path(),
                    drawing: try drawing(),
                    inverts: request.invert ?? false,
                    replaces: request.overwrite ?? false
                )
            )
        case .cancel: return .cancel(request.request)
        }
    }

    private func frame() throws -> Int {
        guard let frame = request.frame, Prompt.frames.contains(frame) else {
            let given = request.frame.map { "\($0)" } ?? "null"
            throw Self.refusal("'frame' is \(given)", "The first frame is 0.")
        }
        return frame
    }

    private func path() throws -> FilePath? {
        guard let output = request.output else { return nil }
        guard !output.isEmpty, !output.unicodeScalars.contains("\0") else {
            throw Self.refusal("'output' is no name of a file or folder")
        }
        return FilePath(output).absolute
    }

    /// A PNG file: nothing else must be replaced by mistake, the video for example.
    private func picture() throws -> FilePath {
        guard let path = try path(), path.extension?.lowercased() == "png" else {
            throw Self.refusal("'output' is no name of a .png file")
        }
        return path
    }

    private func drawing() throws -> DrawingOptions {
        let options = DrawingOptions(
            objects: request.objects ?? .union,
            fillHoles: request.fillHoles ?? SamSettings.defaultFillHoles,
            dropSpecks: request.dropSpecks ?? 0
        )
        for (name, count) in [("fillHoles", options.fillHoles), ("dropSpecks", options.dropSpecks)]
        where !SamSettings.pixelCounts.contains(count) {
            throw Self.refusal(
                "'\(name)' is \(count)",
                "It must be between 0 and \(SamSettings.pixelCounts.upperBound)."
            )
        }
        return options
    }

    /// The prompts; none when the field is left out.
    private func prompts(on frame: Int?) throws -> PromptList {
        guard var list = json["prompts"] else { return PromptList() }
        if let frame { list = list.naming(frame) }
        let prompts = try PromptList(json: list, from: .line("request \(visible("\(request.id)"))"))
        if let frame, let other = prompts.entries.first(where: { $0.prompt.frame != frame }) {
            throw Self.refusal(
                "a prompt is on frame \(other.prompt.frame), and 'frame' is \(frame)",
                "All prompts of 'mask' are on its frame; 'run' takes them on any."
            )
        }
        return prompts
    }
}

extension LocatedJSON {
    /// The list with the frame in those prompts that name none.
    fileprivate func naming(_ frame: Int) -> LocatedJSON {
        guard case .array(let items) = content else { return self }
        let named = items.map { item in
            guard case .object(let members) = item.content, item["frame"] == nil else {
                return item
            }
            let number = LocatedJSON(content: .number(Double(frame)), line: item.line)
            return LocatedJSON(
                content: .object(
                    members + [Member(name: "frame", line: item.line, value: number)]
                ),
                line: item.line
            )
        }
        return LocatedJSON(content: .array(named), line: line)
    }
}
