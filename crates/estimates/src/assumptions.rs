//! What must hold for an estimate, in sentences for people who do not do statistics: what it is, what would break it, and
//! in which direction the number then errs.

use crate::table::Table;

/// The assumptions behind every method's estimate from this table.
pub(crate) fn of(table: &Table) -> Vec<String> {
    let mut out = vec![
        "Closed population: all lists are about the same people, place, time and kind of act. If a list reaches beyond (a wider area, other years), its overlap with the others is too small and the estimate too high.".to_owned(),
        "How lists depend on each other: no table can test the dependence among all lists at once; each method assumes that what it leaves out is not there. If being on one list makes being on another more likely (referrals, shared sources, the same families asked) and the method does not see it, the estimate is too low; if it makes it less likely (people go to one organisation only), too high.".to_owned(),
        "Likeness of people: within what a method tells apart, everyone could have been listed, and roughly as easily. If some people could hardly be reached by any list, they are not in the estimate, which is then too low. Stratify by place, time or sex where that is likely.".to_owned(),
        "Linkage without error: records of one person are linked, and only those. Missed links make the overlap too small and the estimate too high; false links make it too low. Estimate over several linkages and pool them to carry this uncertainty.".to_owned(),
    ];
    if table.width() == 3 {
        out.push("With three lists only pairs of lists can be seen to depend on each other; that all three do so together is assumed not to happen.".to_owned());
    }
    out
}
