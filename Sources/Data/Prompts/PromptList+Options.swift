import Diagnostics
import SystemPackage

extension PromptList {
    /// Adds the value of `--point`: `X,Y[,-][@FRAME][#OBJECT]`.
    ///
    /// - Throws: `EightCutError` when it is something else.
    package mutating func append(point text: String) throws {
        let origin = PromptOrigin.option("--point", text)
        let suffix = try PromptSuffix(text, origin)
        try suffix.checkRest(origin)
        let parts = suffix.rest.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count == 2 || parts.count == 3 && ["+", "-"].contains(parts[2]) else {
            throw origin.refusal(
                "it is not X,Y or X,Y,-",
                remedy: "Write for example --point 640,360, and with ,- behind it for a place that "
                    + "is not the object."
            )
        }
        let point = Coordinate(
            x: try Axis.x.length(parts[0], "x", origin),
            y: try Axis.y.length(parts[1], "y", origin)
        )
        let mark = Mark.point(point, isPositive: parts.count == 2 || parts[2] == "+")
        try append(mark, suffix, origin)
    }

    /// Adds the value of `--box`: `X0,Y0,X1,Y1[@FRAME][#OBJECT]`.
    ///
    /// - Throws: `EightCutError` when it is something else.
    package mutating func append(box text: String) throws {
        let origin = PromptOrigin.option("--box", text)
        let suffix = try PromptSuffix(text, origin)
        try suffix.checkRest(origin)
        let parts = suffix.rest.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count == 4 else {
            throw origin.refusal(
                "it is not X0,Y0,X1,Y1",
                remedy: "Write the left, top, right and bottom side, for example "
                    + "--box 10,20,200,180."
            )
        }
        let leftTop = Coordinate(
            x: try Axis.x.length(parts[0], "x0", origin),
            y: try Axis.y.length(parts[1], "y0", origin)
        )
        let rightBottom = Coordinate(
            x: try Axis.x.length(parts[2], "x1", origin),
            y: try Axis.y.length(parts[3], "y1", origin)
        )
        try append(.box(leftTop, rightBottom), suffix, origin)
    }

    /// Adds the value of `--mask`: `FILE[@FRAME][#OBJECT]`, relative to the current folder.
    ///
    /// - Throws: `EightCutError` when no file is named.
    package mutating func append(mask text: String) throws {
        let origin = PromptOrigin.option("--mask", text)
        let suffix = try PromptSuffix(text, origin)
        guard !suffix.rest.isEmpty else {
            throw origin.refusal(
                "it names no file",
                remedy: "Write for example --mask mask.png, or --mask mask.png@30 for frame 30."
            )
        }
        try append(.mask(FilePath(String(suffix.rest))), suffix, origin)
    }

    private mutating func append(_ mark: Mark, _ suffix: PromptSuffix, _ origin: PromptOrigin)
        throws
    {
        let prompt = Prompt(frame: suffix.frame ?? 0, object: suffix.object ?? 1, mark: mark)
        try append(prompt, from: origin)
    }
}
