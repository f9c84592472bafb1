/// A clip that is to be cut.
struct PlannedClip: Sendable {
    let request: ExportRequest
    let plan: CutPlan
    let encoder: VideoEncoder
}
