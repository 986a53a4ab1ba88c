/// The version of this program, as the change log counts.
package enum ProgramVersion {
    package static let text = "0.1.0"
}
