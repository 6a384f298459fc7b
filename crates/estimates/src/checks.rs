//! Whether a model can be estimated from a table at all, before anything is fitted.
//!
//! Two things can be wrong, and a routine that only iterates notices neither: it returns a number. *Not identifiable*:
//! different effects give the same counts (the design has not full rank). *No estimate exists*: the likelihood rises for
//! ever along some direction (Fienberg & Rinaldo 2012, Annals of Statistics 40:996–1023, doi 10.1214/12-AOS986). Where an
//! interaction's lists share nobody, its effect is minus infinity in the extended sense; it and the patterns that contain
//! it are taken out first (Chan, Silverman & Vincent 2021, JASA 116:1297–1306, doi 10.1080/01621459.2019.1708748).

use crate::model::Model;

/// Whether a model can be estimated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It can.
    Fine,
    /// No maximum-likelihood estimate exists (status 1 of the paper).
    DoesNotExist,
    /// Its effects are not identifiable (status 2 of the paper).
    NotIdentifiable,
}

/// What of a model is left to fit on a table.
#[derive(Debug, Clone)]
pub struct Frame {
    /// The parameters that are finite, the constant first.
    pub parameters: Vec<u32>,
    /// Which patterns take part; never the pattern 0.
    pub kept: Vec<bool>,
    /// Observed patterns less parameters.
    pub freedom: i64,
}

/// Takes out what lies at minus infinity and checks what remains.
///
/// # Errors
/// The [`Status`] that is not fine.
pub fn frame(counts: &[f64], model: &Model) -> Result<Frame, Status> {
    let shared = |of: usize| (1..counts.len()).any(|w| w & of == of && counts[w] > 0.0);
    let all = model.parameters();
    let (parameters, infinite): (Vec<u32>, Vec<u32>) = all.into_iter().partition(|of| shared(*of as usize));
    let kept: Vec<bool> =
        (0..counts.len()).map(|w| w > 0 && !infinite.iter().any(|of| w & *of as usize == *of as usize)).collect();
    let n = parameters.len();
    let row = |w: usize| -> Vec<f64> {
        parameters.iter().map(|of| f64::from(u8::from(w & *of as usize == *of as usize))).collect()
    };
    let mut basis = Echelon::new(n);
    let cells = |positive: bool| (1..counts.len()).filter(move |w| (counts[*w] > 0.0) == positive);
    for w in cells(true).filter(|w| kept[*w]) {
        basis.add(row(w));
        if basis.rank() == n {
            break;
        }
    }
    let freedom = i64::try_from(kept.iter().filter(|kept| **kept).count()).unwrap_or(i64::MAX)
        - i64::try_from(n).unwrap_or(i64::MAX);
    // Full rank on the patterns that were observed: the estimate exists, and is the only one.
    if basis.rank() == n {
        return Ok(Frame { parameters, kept, freedom });
    }
    let directions = basis.null_space();
    let zero: Vec<usize> = cells(false).filter(|w| kept[*w]).collect();
    for w in &zero {
        basis.add(row(*w));
    }
    if basis.rank() < n {
        return Err(Status::NotIdentifiable);
    }
    // A direction that changes no observed pattern and raises none of the others lowers their means for ever.
    let mut slopes: Vec<Vec<f64>> = Vec::new();
    for w in zero {
        let of_cell = row(w);
        let slope: Vec<f64> =
            directions.iter().map(|direction| direction.iter().zip(&of_cell).map(|(a, b)| a * b).sum()).collect();
        if slope.iter().any(|s: &f64| s.abs() > 1e-9) && !slopes.contains(&slope) {
            slopes.push(slope);
        }
    }
    if recedes(&slopes, directions.len()) { Err(Status::DoesNotExist) } else { Ok(Frame { parameters, kept, freedom }) }
}

/// Rows of a matrix in reduced echelon form.
struct Echelon {
    width: usize,
    /// Pivot column and row, the row 1 at its pivot and 0 at all others' pivots.
    rows: Vec<(usize, Vec<f64>)>,
}

impl Echelon {
    fn new(width: usize) -> Self {
        Self { width, rows: Vec::new() }
    }

    fn rank(&self) -> usize {
        self.rows.len()
    }

    fn add(&mut self, mut row: Vec<f64>) {
        for (pivot, known) in &self.rows {
            let factor = row[*pivot];
            if factor != 0.0 {
                row.iter_mut().zip(known).for_each(|(a, b)| *a -= factor * b);
            }
        }
        let mut pivot = 0;
        for at in 0..self.width {
            if row[at].abs() > row[pivot].abs() + 1e-12 {
                pivot = at;
            }
        }
        let Some(head) = row.get(pivot).copied().filter(|head| head.abs() > 1e-9) else { return };
        row.iter_mut().for_each(|a| *a /= head);
        for (_, known) in &mut self.rows {
            let factor = known[pivot];
            if factor != 0.0 {
                known.iter_mut().zip(&row).for_each(|(a, b)| *a -= factor * b);
            }
        }
        self.rows.push((pivot, row));
    }

    /// Vectors that span everything the rows send to 0.
    fn null_space(&self) -> Vec<Vec<f64>> {
        let free = (0..self.width).filter(|at| self.rows.iter().all(|(pivot, _)| pivot != at));
        free.map(|at| {
            let mut vector = vec![0.0; self.width];
            vector[at] = 1.0;
            for (pivot, row) in &self.rows {
                vector[*pivot] = -row[at];
            }
            vector
        })
        .collect()
    }
}

/// Whether some z has `slope·z` ≥ 0 for every slope and > 0 for one: a linear programme, maximise Σ slope·z subject to
/// 0 ≤ slope·z ≤ 1, by the simplex method from z = 0 with Bland's rule (so it ends).
fn recedes(slopes: &[Vec<f64>], width: usize) -> bool {
    // z = u − v with u, v ≥ 0; rows −slope·z ≤ 0 and slope·z ≤ 1; the last row is the aim.
    let columns = 2 * width + 1;
    let mut rows: Vec<Vec<f64>> = Vec::new();
    for (sign, bound) in [(-1.0, 0.0), (1.0, 1.0)] {
        for slope in slopes {
            let mut row: Vec<f64> = slope.iter().map(|s| sign * s).collect();
            row.extend(slope.iter().map(|s| -sign * s));
            row.push(bound);
            rows.push(row);
        }
    }
    let mut aim = vec![0.0; columns];
    for j in 0..width {
        aim[j] = slopes.iter().map(|slope| slope[j]).sum();
        aim[width + j] = -aim[j];
    }
    let mut nonbasic: Vec<usize> = (0..2 * width).collect();
    let mut basic: Vec<usize> = (2 * width..2 * width + rows.len()).collect();
    for _ in 0..10_000 {
        if -aim[columns - 1] > 1e-7 {
            return true;
        }
        let Some(enter) = (0..2 * width).filter(|j| aim[*j] > 1e-9).min_by_key(|j| nonbasic[*j]) else { return false };
        let mut leave: Option<(f64, usize)> = None;
        for (i, row) in rows.iter().enumerate() {
            if row[enter] > 1e-9 {
                let ratio = row[columns - 1] / row[enter];
                let better = leave
                    .is_none_or(|(best, at)| ratio < best - 1e-12 || (ratio < best + 1e-12 && basic[i] < basic[at]));
                if better {
                    leave = Some((ratio, i));
                }
            }
        }
        let Some((_, leave)) = leave else { return true };
        let pivot = rows[leave][enter];
        for (j, value) in rows[leave].iter_mut().enumerate() {
            *value = if j == enter { 1.0 / pivot } else { *value / pivot };
        }
        let chosen = rows[leave].clone();
        let reduce = |row: &mut Vec<f64>| {
            let factor = row[enter];
            if factor == 0.0 {
                return;
            }
            for (j, value) in row.iter_mut().enumerate() {
                *value = if j == enter { -factor * chosen[j] } else { *value - factor * chosen[j] };
            }
        };
        rows.iter_mut().enumerate().filter(|(i, _)| *i != leave).for_each(|(_, row)| reduce(row));
        reduce(&mut aim);
        std::mem::swap(&mut basic[leave], &mut nonbasic[enter]);
    }
    // Not ended in ten thousand steps: say that no estimate exists rather than print a number that may be none.
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(counts: &[f64], model: &Model) -> Status {
        frame(counts, model).err().unwrap_or(Status::Fine)
    }

    /// Chan, Silverman & Vincent 2021, table 3: three lists, of which only A and B share cases.
    const ARTIFICIAL: [f64; 8] = [0.0, 40.0, 30.0, 6.0, 20.0, 0.0, 0.0, 0.0];

    #[test]
    fn the_artificial_table_of_the_paper() {
        let check = |interactions: &[u32]| status(&ARTIFICIAL, &Model::new(3, interactions));
        assert_eq!(check(&[0b011, 0b101, 0b110]), Status::NotIdentifiable);
        assert_eq!(check(&[0b011]), Status::DoesNotExist);
        assert_eq!(check(&[0b101, 0b110]), Status::Fine);
        assert_eq!(check(&[]), Status::Fine);
    }

    #[test]
    fn lists_that_share_nobody_give_no_estimate() {
        let counts = [0.0, 5.0, 6.0, 0.0, 7.0, 0.0, 0.0, 0.0];
        assert_eq!(status(&counts, &Model::independence(3)), Status::DoesNotExist);
    }
}
