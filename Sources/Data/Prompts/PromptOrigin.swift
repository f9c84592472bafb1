import Diagnostics
import SystemPackage

/// Where a prompt was given, for messages.
package struct PromptOrigin: Sendable, Equatable, CustomStringConvertible {
    /// As people see it: "--point 10,20", or "prompts.json, prompt 3 (line 7)".
    package let description: String
    /// The kind of failure that a mistake in it is.
    let code: ErrorCode

    /// An option of the command line.
    package static func option(_ name: String, _ value: String) -> PromptOrigin {
        PromptOrigin(description: "\(name) \(value)", code: .usage)
    }

    /// Something else, such as a part of a file.
    package static func input(_ description: String) -> PromptOrigin {
        PromptOrigin(description: description, code: .inputUnusable)
    }
}

extension PromptOrigin {
    /// The error of a prompt that cannot be used.
    func refusal(_ why: String, remedy: String?) -> EightCutError {
        refusal(code, why, remedy: remedy)
    }

    /// The error of a prompt that cannot be used for a reason that has a kind of its own.
    func refusal(_ code: ErrorCode, _ why: String, remedy: String?) -> EightCutError {
        EightCutError(
            code,
            "cannot use the prompt",
            on: description,
            because: why,
            remedy: remedy
        )
    }

    /// - Throws: `EightCutError` when there can be no such frame.
    func check(frame: Int) throws {
        guard Prompt.frames.contains(frame) else {
            throw refusal(
                "its frame is \(frame), and frames are numbered from 0 to "
                    + "\(Prompt.frames.upperBound)",
                remedy: "The first frame is 0."
            )
        }
    }

    /// - Throws: `EightCutError` when there can be no such object.
    func check(object: Int) throws {
        guard Prompt.objects.contains(object) else {
            throw refusal(
                "its object is \(object), and objects are numbered from 1 to "
                    + "\(Prompt.objects.upperBound)",
                remedy: "The first object is 1, which is meant when none is named."
            )
        }
    }
}
