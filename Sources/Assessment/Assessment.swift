/// Applies the rules, collects evidence, judges.
package struct Assessor: Sendable {
    package init() {}
}
